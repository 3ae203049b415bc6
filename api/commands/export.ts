import {pipeline} from "node:stream/promises";
import {examples} from "./options.ts";
import {runFolder} from "./runFolder.ts";
import {Option, type Command} from "commander";
import {openTrace, type TraceReader} from "../../capture/trace/reader.ts";
import {exportFormatNames, type ExportFormat} from "../contract/exportFormats.ts";
import {exportRun, streamRun} from "../exchange/exportRun.ts";
import {percent} from "./percent.ts";
import {note, print, printJson} from "./print.ts";
import {asUsageErrors, numberList, UsageError, userPath, wholeNumber} from "./usage.ts";

interface ExportCommandOptions {
  readonly format: ExportFormat;
  readonly out: string;
  readonly site?: string;
  readonly components?: number;
  readonly inits?: number[];
  readonly tokens?: number[];
  readonly force?: boolean;
  readonly json?: boolean;
}

const MAX_COMPONENTS = 1000;

export function addExport(verb: Command): void {
  verb
    .addOption(
      new Option(
        "--format <name>",
        "npz, safetensors; parquet, csv (a row for each step, init and token), parquet-wide (a row for each init and token); projector (a TensorBoard folder), atlas (Embedding Atlas)"
      )
        .choices([...exportFormatNames])
        .makeOptionMandatory()
    )
    .requiredOption("--out <path>", "the file to make, - for a pipe (npz, safetensors, csv); for the projector, the folder")
    .option("--site <name>", "whose states a table measures and projects (default: state)")
    .option(
      "--components <number>",
      "principal components in a table (default: 3; 50 for the projector)",
      wholeNumber({least: 0, most: MAX_COMPONENTS})
    )
    .option("--inits <indices>", "only these initial states, joined by commas, in a table", numberList)
    .option("--tokens <indices>", "only these tokens, joined by commas, in a table", numberList)
    .option("--force", "replace an earlier file or folder of the same kind")
    .option("--json", "print one JSON document on stdout and nothing else")
    .addHelpText(
      "after",
      examples(
        "export sum-and-parity --format parquet --out run.parquet",
        "export sum-and-parity --format npz --out - | ssh elsewhere 'cat > run.npz'"
      )
    )
    .action(exportOne);
}

async function exportOne(run: string, {format, out, site, components, inits, tokens, force, json}: ExportCommandOptions): Promise<void> {
  const reader = await openTrace(await runFolder(run));
  try {
    if (out === PIPE) return await exportToPipe(reader, {format, site, components, inits, tokens}, {force, json});
    const made = await asUsageErrors(
      percent(format, (progress) =>
        exportRun(reader, {format, out: userPath(out), overwrite: force, site, components, inits, tokens, progress})
      )
    );
    const {status, steps, steps_written} = reader.trace;
    if (json) await printJson({...made, run: reader.dir, status, steps, steps_written});
    else await print(`${made.out}: ${made.format}, ${made.bytes} bytes${partialOf(reader)}`);
  } finally {
    await reader.close();
  }
}

const PIPE = "-";

const partialOf = ({trace: {status, steps, steps_written}}: TraceReader): string =>
  status === "partial" ? `, partial: ${steps_written} of ${steps} steps` : "";

type ToPipe = Parameters<typeof streamRun>[1];

/** The file on stdout, what is said of it on stderr. */
async function exportToPipe(reader: TraceReader, what: ToPipe, {force, json}: Pick<ExportCommandOptions, "force" | "json">): Promise<void> {
  if (force || json) throw new UsageError(`invalid option for a pipe: --${force ? "force" : "json"}; it takes the file alone`);
  if (process.stdout.isTTY) throw new UsageError("invalid output: - is a terminal; expected a pipe, or the name of a file");
  let bytes = 0;
  await asUsageErrors(
    percent(what.format, async (progress) => {
      const {pieces} = await streamRun(reader, {...what, progress});
      pieces.on("data", (piece: Buffer | string) => (bytes += Buffer.byteLength(piece)));
      await pipeline(pieces, process.stdout, {end: false});
    })
  );
  note(`${what.format}, ${bytes} bytes${partialOf(reader)}`);
}
