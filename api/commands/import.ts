import {examples} from "./options.ts";
import {existsSync} from "node:fs";
import {basename} from "node:path";
import type {Command} from "commander";
import {importRun} from "../exchange/importRun.ts";
import {isReport, reportImport} from "../exchange/reportImport.ts";
import {percent} from "./percent.ts";
import {note, print, printJson} from "./print.ts";
import {asUsageErrors, nameList, UsageError, userPath} from "./usage.ts";

interface ImportCommandOptions {
  readonly out?: string;
  readonly array?: string;
  readonly axes?: string[];
  readonly example?: string;
  readonly model?: string;
  readonly prompt?: string;
  readonly title?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

export function addImport(verb: Command): void {
  verb
    .option(
      "--out <folder>",
      "the trace folder to make, new; the folder of trace folders for a run with several examples; not for a report"
    )
    .option("--array <name>", "which array of a bare file holds the states, or step_# for one a step (default: state, else states)")
    .option("--axes <names>", "its axes in its own order, of step,init,token,width (default: by their count)", nameList)
    .option("--example <name>", "only this example of a huginn-research run, by the name of its file")
    .option("--model <name>", "the model's name, where a bare file does not say it")
    .option("--prompt <text>", "the prompt, where a bare file does not say it")
    .option("--title <text>", "what to call the run, where a bare file does not say it (default: the prompt, else the file's name)")
    .option("--force", "replace an earlier trace folder")
    .option("--json", "print one JSON document on stdout and nothing else")
    .addHelpText(
      "after",
      examples("import run.npz --out runs/imported", "import states.npy --axes step,init,token,width --out runs/states")
    )
    .action(importOne);
}

async function importOne(path: string, {out, force, json, ...options}: ImportCommandOptions): Promise<void> {
  if (existsSync(userPath(path)) && (await isReport(userPath(path)))) return importReport(userPath(path), {out, json});
  if (out === undefined) throw new UsageError("missing --out; expected the trace folder to make");
  const imported = await asUsageErrors(
    percent(basename(path), (progress) => importRun(userPath(path), {out: userPath(out), overwrite: force, progress, ...options}))
  );
  const {format, runs, skipped, warnings} = imported;
  for (const {example, error} of skipped) note(`not imported: ${example}: ${error}`);
  for (const line of warnings) note(line);
  if (json) return printJson({...(skipped.length === 0 && runs.length === 1 ? {run: runs[0]} : {runs, skipped}), format, warnings});
  for (const run of runs) await print(`${run}: from ${format}`);
}

/** A report holds no states, so what comes back is what it says. */
async function importReport(path: string, {out, json}: Pick<ImportCommandOptions, "out" | "json">): Promise<void> {
  if (out !== undefined) throw new UsageError(`invalid --out: ${out}; a report holds no states, so its summary is printed`);
  const {summary, command} = await reportImport(path);
  if (json) return printJson({format: "report", summary, command});
  await print(`${summary.status === "partial" ? "Partial: " : ""}${summary.title.trim()}`);
  for (const sentence of summary.sentences) await print(sentence);
  await print(command);
}
