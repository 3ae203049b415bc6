import {writeFile} from "node:fs/promises";
import {basename, extname, join} from "node:path";
import {Option, type Command} from "commander";
import type {TraceReader} from "../../capture/trace/reader.ts";
import {writtenSteps} from "../../capture/trace/writtenSteps.ts";
import {drawnRuns} from "../analyses/drawnRuns.ts";
import {projectionMessage} from "../analyses/projection.ts";
import {keptTraces} from "../census/keptTraces.ts";
import {componentBounds, projectionFits, projectionMethods} from "../contract/choices.ts";
import {CENSUS_FILE} from "../census/censusFolder.ts";
import {isGram, readGram} from "../census/gram/gramFolder.ts";
import {gramPicture} from "../census/gram/gramPicture.ts";
import {projectionQuerySchema, type ProjectionQuery} from "../contract/contract.ts";
import {intoPlace} from "../files/intoPlace.ts";
import {isFileAt} from "../files/places.ts";
import {withReaders} from "../runs/withReaders.ts";
import {choiceOption, seedOption, wholeOption, examples} from "./options.ts";
import {csvCell} from "../exchange/csvCell.ts";
import {pointsTable} from "./pointsTable.ts";
import {note, print, printJson} from "./print.ts";
import {percent} from "./percent.ts";
import {runFolder} from "./runFolder.ts";
import {asUsageErrors, numberList, UsageError, userPath} from "./usage.ts";

interface ProjectOptions {
  readonly method: ProjectionQuery["method"];
  readonly dims: number;
  readonly fit?: ProjectionQuery["fit"];
  readonly tokens?: number[];
  readonly site: string;
  readonly seed: number;
  readonly out: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

export function addProject(verb: Command): void {
  verb
    .addOption(choiceOption("--method <name>", "how", projectionMethods))
    .addOption(wholeOption("--dims <number>", "dimensions", componentBounds))
    .addOption(
      new Option(
        "--fit <which>",
        "states that the basis is fitted on: all of the first run, those of --tokens in it, each trajectory centred at its own mean, or those of all runs together (default: joint for several runs, else all)"
      ).choices([...projectionFits])
    )
    .option("--tokens <indices>", "tokens for --fit chosen, joined by commas", numberList)
    .option("--site <name>", "whose states", "state")
    .addOption(seedOption("seed, for umap"))
    .requiredOption("--out <file>", "the file to make: .safetensors, or .csv with a row for each step, init and token")
    .option("--force", "replace what is there")
    .option("--json", "print one JSON document on stdout and nothing else")
    .addHelpText(
      "after",
      examples(
        "project sum-and-parity --out points.csv",
        "project sum-and-parity --method umap --dims 3 --out points.safetensors",
        "project censuses/sums --method umap --out kept.csv"
      )
    )
    .action(project);
}

/** A run's folder, and its name in a table of several. */
interface Place {
  readonly name: string;
  readonly dir: string;
}

async function project(names: readonly string[], {fit, tokens, ...options}: ProjectOptions): Promise<void> {
  const {method, dims, site, seed, out} = options;
  if ((fit === "chosen") !== (tokens !== undefined))
    throw new UsageError("invalid tokens: expected --tokens with --fit chosen, and only there");
  const format = extname(out);
  if (format !== ".safetensors" && format !== ".csv")
    throw new UsageError(`unknown kind of file: ${out}; expected a name that ends in .safetensors or .csv`);
  const places = (await Promise.all(names.map(placesOf))).flat();
  const own = fit ?? (places.length > 1 ? "joint" : "all");
  const query = {...projectionQuerySchema.parse({method, dims, site, seed}), fit: own, tokens: tokens?.join(",")};
  if (places.length === 1 && (await isGram(places[0].dir))) return projectGram(places[0].dir, {...options, fit: own});
  const dirs = places.map(({dir}) => dir);
  await withReaders(dirs, (readers) => projectStates(readers, {query, options, names: places.map(({name}) => name)}));
}

/** A run, or the traces that a census kept. */
async function placesOf(name: string): Promise<readonly Place[]> {
  const dir = await runFolder(name);
  if (!(await isFileAt(join(dir, CENSUS_FILE)))) return [{name: basename(dir), dir}];
  const {kept, of} = await keptTraces(dir);
  if (kept.length < of) note(`${kept.length} of the ${of} traces that ${basename(dir)} kept`);
  return kept.map((one) => ({name: `${basename(dir)} ${one.prompt}`, dir: one.dir}));
}

interface Drawing {
  readonly query: ProjectionQuery;
  readonly options: Pick<ProjectOptions, "out" | "force" | "json">;
  readonly names: readonly string[];
}

async function projectStates(readers: readonly TraceReader[], {query, options: {out, force, json}, names}: Drawing): Promise<void> {
  for (const {dir, trace} of readers)
    if (trace.status === "partial") note(`partial run: ${basename(dir)} has ${writtenSteps(trace)} of ${trace.steps} steps`);
  const {method, fit, site} = query;
  const [file, several] = [userPath(out), readers.length > 1];
  const message = await asUsageErrors(drawing(readers, query));
  const drawn = drawnRuns(message, readers.length);
  const content = extname(out) === ".csv" ? pointsTable(drawn, readers, {site, names: several ? names : undefined}) : message;
  await intoPlace(file, (temporary) => writeFile(temporary, content), {overwrite: force});
  const shapes = drawn.runs.map(({shape}) => shape);
  const ran = several
    ? {runs: readers.map(({dir}, i) => ({run: dir, name: names[i], shape: shapes[i]}))}
    : {run: readers[0].dir, shape: shapes[0]};
  if (json) return printJson({out: file, method, fit, site, ...ran, explained: drawn.explained});
  const share = drawn.explained ? `, explains ${drawn.explained.map((one) => `${(100 * one).toPrecision(3)} %`).join(", ")}` : "";
  const points = shapes.reduce((sum, [steps, inits, tokens]) => sum + steps * inits * tokens, 0);
  await print(`${file}: ${several ? `${points} points of ${readers.length} runs in one picture` : shapes[0].join(" × ")}${share}`);
}

/** Each path of a Gram trace in axes of its own: what others share of theirs is in no path's products. */
async function projectGram(
  dir: string,
  {method, dims, fit, site, out, force, json}: Omit<ProjectOptions, "tokens" | "seed">
): Promise<void> {
  if (method !== "pca" || fit !== "all" || extname(out) !== ".csv")
    throw new UsageError(
      `missing states: ${dir} keeps what labels are made of; expected --method pca, each path in axes of its own, into a .csv: all else needs states`
    );
  const gram = await readGram(dir);
  if (gram.site !== site) throw new UsageError(`unknown site: ${site}; ${dir} keeps ${gram.site}`);
  const {tokens, inits} = gram.trace;
  const lines = [["init", "token", "text", "step", ...Array.from({length: dims}, (_, i) => `x${i + 1}`)].join(",")];
  for (const init of inits.keys())
    for (const [token, {text}] of tokens.entries()) {
      const picture = gramPicture(gram, {init, token, components: dims});
      for (const [i, point] of picture?.points.entries() ?? [])
        lines.push([init, token, csvCell(text), picture!.first_step + i, ...point].join(","));
    }
  await intoPlace(userPath(out), (temporary) => writeFile(temporary, `${lines.join("\n")}\n`), {overwrite: force});
  if (json) await printJson({out: userPath(out), run: dir, method, fit: "own", site, rows: lines.length - 1});
  else await print(`${userPath(out)}: ${lines.length - 1} points, each path in axes of its own, from its inner products`);
}

/** It may take minutes, and tells how far it is. */
const drawing = ([reader, ...others]: readonly TraceReader[], query: ProjectionQuery): Promise<Uint8Array> =>
  percent(query.method, (progress) => projectionMessage(reader, query, {others, progress}));
