import type {Command} from "commander";
import {createModelKeeper} from "../../capture/engine/modelKeeper.ts";
import {loadCheckpoint} from "../../capture/families/loadCheckpoint.ts";
import {modelHash} from "../../capture/model/modelHash.ts";
import {openCensus} from "../census/censusFolder.ts";
import {parsePart, workPart} from "../census/workParts.ts";
import {modelFolder} from "./modelFolder.ts";
import {examples} from "./options.ts";
import {note} from "./print.ts";
import {asUsageErrors, UsageError, userPath} from "./usage.ts";

export function addWork(program: Command): void {
  program
    .command("work <census>")
    .description("do one part of a census that was planned with `orrery census --plan`: on another machine, or as a job of an array")
    .requiredOption("--part <I/N>", "which of N equal parts")
    .option("--model <folder>", "the checkpoint's folder here (default: where the plan has it)")
    .addHelpText("after", examples("work sums --part 2/8"))
    .action(work);
}

async function work(target: string, {part: text, model: own}: {readonly part: string; readonly model?: string}): Promise<void> {
  const part = await asUsageErrors(Promise.resolve().then(() => parsePart(text)));
  const dir = userPath(target);
  const census = {dir, ...(await asUsageErrors(openCensus(dir)))};
  const {engine, dtype, device, from, model: planned} = census.manifest;
  const model = from === "traces" ? planned.folder : await modelFolder(own ?? planned.folder);
  if (from === "captures") await refuseOtherModel(model, planned.hash);
  const abort = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => abort.abort(new Error("cancelled")));
  const models = createModelKeeper({log: note});
  try {
    await workPart(census, part, {
      model,
      engine: () => models.engineFor({model, engine, dtype, device}),
      signal: abort.signal,
      onPrompt: () => process.send?.("prompt")
    });
  } finally {
    await models.dispose();
  }
  if (process.connected) process.disconnect?.();
}

async function refuseOtherModel(folder: string, planned: string): Promise<void> {
  const checkpoint = await loadCheckpoint(folder);
  await checkpoint.close();
  const hash = await modelHash(checkpoint);
  if (hash !== planned) throw new UsageError(`invalid model: ${folder} is ${hash}; the census was planned with ${planned}`);
}
