import {createWriteStream} from "node:fs";
import {MAX_PROJECTOR_POINTS} from "../contract/exportFormats.ts";
import {mkdir, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {pipeline} from "node:stream/promises";
import {STATE} from "../../capture/model/site.ts";
import {beyondColumn} from "../../capture/trace/trainedSteps.ts";
import type {TraceReader} from "../../capture/trace/reader.ts";
import {placeOf, runTable, tableRows, type RunTable, type RunTableOptions} from "./runTable.ts";
import {steppedSite} from "../runs/siteRows.ts";
import {floatText} from "./tableFields.ts";
import {Refusal} from "../../capture/trace/refusal.ts";

/** The file that every exported folder holds. */
export const PROJECTOR_CONFIG = "projector_config.json";

const DEFAULT_COMPONENTS = 50; // above 200 dimensions the Projector fits its PCA on a random projection; these are exact

/**
 * Writes a folder for TensorBoard's Embedding Projector: `tensors.tsv` (principal component scores, 50 unless `components`
 * says otherwise), `metadata.tsv` whose `__seq_next__` is the row of the same token and init one step later, so that
 * trajectories are drawn as lines, and the configuration both for `tensorboard --logdir` and for the page on the web.
 * Throws a Refusal for more than 100,000 points.
 */
export async function exportProjector(
  reader: TraceReader,
  path: string,
  {components = DEFAULT_COMPONENTS, ...options}: RunTableOptions = {}
): Promise<void> {
  if (!(components >= 1)) throw new Refusal(`invalid components: ${components}; the Projector needs at least 1`);
  const points = tableRows(await steppedSite(reader, options.site ?? STATE, options)); // before any state is read
  if (points > MAX_PROJECTOR_POINTS)
    throw new Refusal(
      `invalid run for the Projector: ${points} points; expected at most ${MAX_PROJECTOR_POINTS}, so choose tokens or inits`
    );
  const table = await runTable(reader, {...options, components});
  await mkdir(path);
  const scores = table.columns.filter(({name}) => /^pc\d+$/.test(name));
  await writeLines(join(path, "tensors.tsv"), table.rows, (row) => scores.map(({values}) => floatText(values[row])));
  await writeLines(join(path, "metadata.tsv"), table.rows, metadataOf(reader, table), metadataHeader(reader));
  const embedding = {
    tensorName: `${table.site} of ${reader.trace.title ?? reader.trace.model.name}`,
    tensorShape: [table.rows, scores.length],
    tensorPath: "tensors.tsv",
    metadataPath: "metadata.tsv"
  };
  await writeFile(join(path, PROJECTOR_CONFIG), `${JSON.stringify({embeddings: [embedding]}, undefined, 1)}\n`);
  await writeFile(join(path, "projector_config.pbtxt"), `embeddings {\n  tensor_path: "tensors.tsv"\n  metadata_path: "metadata.tsv"\n}\n`);
}

// The Projector trims lines before it splits them, so no line may begin or end with an empty cell: a label first, the step last.
const metadataHeader = ({trace}: TraceReader): readonly string[] => [
  ...["label", "text", "token", "token_id", "init", "__seq_next__"],
  ...beyondColumn(trace.trained_steps).names,
  "step"
];

function metadataOf({trace}: TraceReader, table: RunTable): (row: number) => readonly string[] {
  const perStep = table.inits.length * table.tokens.length;
  const beyond = beyondColumn(trace.trained_steps);
  return (row) => {
    const {step, init, token} = placeOf(table, row);
    const {id, text} = trace.tokens[token];
    const next = row + perStep < table.rows ? String(row + perStep) : "";
    const quoted = JSON.stringify(text); // keeps tabs and line ends out of the table, and a blank token visible
    return [`${quoted} ${step}`, quoted, String(token), String(id), String(init), next, ...beyond.cells(step).map(String), String(step)];
  };
}

async function writeLines(
  path: string,
  rows: number,
  cellsOf: (row: number) => readonly string[],
  header?: readonly string[]
): Promise<void> {
  await pipeline(
    function* () {
      if (header) yield `${header.join("\t")}\n`;
      for (let row = 0; row < rows; ++row) yield `${cellsOf(row).join("\t")}\n`;
    },
    createWriteStream(path, {flags: "wx"})
  );
}
