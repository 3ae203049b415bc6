import {runFolder} from "./runFolder.ts";
import {writeFile} from "node:fs/promises";
import {extname} from "node:path";
import type {Command} from "commander";
import {beyondColumn} from "../../capture/trace/trainedSteps.ts";
import {openTrace, type TraceReader} from "../../capture/trace/reader.ts";
import {decodeFloats} from "../../capture/trace/dtype.ts";
import {parseHeader} from "../../capture/trace/safetensorsHeader.ts";
import {projectionMessage} from "../analyses/projection.ts";
import {componentBounds, projectionFits, projectionMethods} from "../contract/choices.ts";
import {isGram, readGram} from "../census/gram/gramFolder.ts";
import {gramPicture} from "../census/gram/gramPicture.ts";
import {projectionQuerySchema, type ProjectionQuery} from "../contract/contract.ts";
import {intoPlace} from "../files/intoPlace.ts";
import {choiceOption, seedOption, wholeOption, examples} from "./options.ts";
import {csvCell} from "../exchange/csvCell.ts";
import {note, print, printJson} from "./print.ts";
import {createProgress} from "./progress.ts";
import {asUsageErrors, numberList, UsageError, userPath} from "./usage.ts";

interface ProjectOptions {
  readonly method: ProjectionQuery["method"];
  readonly dims: number;
  readonly fit: ProjectionQuery["fit"];
  readonly tokens?: number[];
  readonly site: string;
  readonly seed: number;
  readonly out: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

export function addProject(program: Command): void {
  program
    .command("project <run>")
    .description("draw a run's trajectories in few dimensions: `points` [steps, inits, tokens, dims]")
    .addOption(choiceOption("--method <name>", "how", projectionMethods))
    .addOption(wholeOption("--dims <number>", "dimensions", componentBounds))
    .addOption(
      choiceOption(
        "--fit <which>",
        "states that the basis is fitted on: all, those of --tokens, or each trajectory centred at its own mean",
        projectionFits.filter((fit) => fit !== "joint") // that of several runs is the page's
      )
    )
    .option("--tokens <indices>", "tokens for --fit chosen, joined by commas", numberList)
    .option("--site <name>", "whose states", "state")
    .addOption(seedOption("seed, for umap"))
    .requiredOption("--out <file>", "the file to make: .safetensors, or .csv with a row for each step, init and token")
    .option("--force", "replace what is there")
    .option("--json", "print one JSON document on stdout and nothing else")
    .addHelpText(
      "after",
      examples("project sum-and-parity --out points.csv", "project sum-and-parity --method umap --dims 3 --out points.safetensors")
    )
    .action(project);
}

async function project(run: string, {method, dims, fit, tokens, site, seed, out, force, json}: ProjectOptions): Promise<void> {
  if ((fit === "chosen") !== (tokens !== undefined))
    throw new UsageError("invalid tokens: expected --tokens with --fit chosen, and only there");
  const format = extname(out);
  if (format !== ".safetensors" && format !== ".csv")
    throw new UsageError(`unknown kind of file: ${out}; expected a name that ends in .safetensors or .csv`);
  const query = projectionQuerySchema.parse({method, dims, fit, site, seed, tokens: tokens?.join(",")});
  const dir = await runFolder(run);
  if (await isGram(dir)) return projectGram(dir, {method, dims, fit, site, out, force, json});
  const reader = await openTrace(dir);
  try {
    const {status, steps, steps_written} = reader.trace;
    if (status === "partial") note(`partial run: ${steps_written} of ${steps} steps`);
    const message = await asUsageErrors(drawing(reader, query));
    const drawn = parsed(message);
    await intoPlace(userPath(out), (temporary) => writeFile(temporary, format === ".csv" ? csvOf(drawn, reader, site) : message), {
      overwrite: force
    });
    if (json) await printJson({out: userPath(out), run: reader.dir, method, fit, site, shape: drawn.shape, explained: drawn.explained});
    else
      await print(
        `${userPath(out)}: ${drawn.shape.join(" × ")}${drawn.explained ? `, explains ${drawn.explained.map((share) => `${(100 * share).toPrecision(3)} %`).join(", ")}` : ""}`
      );
  } finally {
    await reader.close();
  }
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

/** UMAP may take minutes, and tells how far it is. */
async function drawing(reader: TraceReader, query: ProjectionQuery): Promise<Uint8Array> {
  const bar = createProgress(query.method, 100, {unit: "percent"});
  try {
    return await projectionMessage(reader, query, {progress: (share) => bar.tell(Math.round(100 * share), null)});
  } finally {
    bar.end();
  }
}

interface Drawn {
  /** [steps, inits, tokens, dims] */
  readonly shape: readonly number[];
  readonly points: Float32Array;
  readonly explained: readonly number[] | null;
}

function parsed(message: Uint8Array): Drawn {
  const {tensors, dataStart} = parseHeader(message);
  const read = (name: string): Float32Array | undefined => {
    const info = tensors.get(name);
    return info && decodeFloats(info.dtype, message.subarray(dataStart + info.begin, dataStart + info.end));
  };
  const explained = read("explained");
  return {shape: tensors.get("points")!.shape, points: read("points")!, explained: explained ? [...explained] : null};
}

function csvOf({shape: [steps, inits, tokens, dims], points}: Drawn, reader: TraceReader, site: string): string {
  const {firstStep} = reader.extentOf(site);
  const beyond = beyondColumn(reader.trace.trained_steps);
  const lines = [["step", "init", "token", "text", ...beyond.names, ...Array.from({length: dims}, (_, i) => `x${i + 1}`)].join(",")];
  let at = 0;
  for (let step = 0; step < steps; ++step) {
    for (let init = 0; init < inits; ++init) {
      for (let token = 0; token < tokens; ++token, at += dims) {
        const place = [firstStep + step, init, token, csvCell(reader.trace.tokens[token].text), ...beyond.cells(firstStep + step)];
        lines.push([...place, ...points.subarray(at, at + dims)].join(","));
      }
    }
  }
  return `${lines.join("\n")}\n`;
}
