import type {Command} from "commander";
import {importRun} from "../exchange/importRun.ts";
import {print, printJson} from "./print.ts";
import {asUsageErrors, nameList, userPath} from "./usage.ts";

interface ImportCommandOptions {
  readonly out: string;
  readonly array?: string;
  readonly axes?: string[];
  readonly example?: string;
  readonly model?: string;
  readonly prompt?: string;
  readonly title?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

export function addImport(program: Command): void {
  program
    .command("import <path>")
    .description("make a trace folder of a trace, a safetensors, .npy or .npz file, or a huginn-research run folder")
    .requiredOption("--out <folder>", "the trace folder to make, new; the folder of trace folders for a run with several examples")
    .option("--array <name>", "which array of a bare file holds the states (default: state, else states)")
    .option("--axes <names>", "its axes in their order, of step,init,token,width (default: by their count)", nameList)
    .option("--example <name>", "only this example of a huginn-research run, by the name of its file")
    .option("--model <name>", "the model's name, where a bare file does not say it")
    .option("--prompt <text>", "the prompt, where a bare file does not say it")
    .option("--title <text>", "what to call the run, where a bare file does not say it")
    .option("--force", "replace an earlier trace folder")
    .option("--json", "print one JSON document on stdout and nothing else")
    .action(importOne);
}

async function importOne(path: string, {out, force, json, ...options}: ImportCommandOptions): Promise<void> {
  const {format, runs} = await asUsageErrors(importRun(userPath(path), {out: userPath(out), overwrite: force, ...options}));
  if (json) return printJson(runs.length === 1 ? {run: runs[0], format} : {runs, format});
  for (const run of runs) await print(`${run}: from ${format}`);
}
