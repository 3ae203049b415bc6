import {basename, dirname, join} from "node:path";
import {Option, type Command} from "commander";
import {capture} from "../../capture/job/capture.ts";
import {captureSpecSchema, type CaptureSpec} from "../../capture/job/captureSpec.ts";
import {openTrace} from "../../capture/trace/reader.ts";
import {captureBounds, initKinds, type InitKind} from "../../capture/bounds.ts";
import {lenses, type Lens} from "../../capture/engine/choices.ts";
import type {Edit} from "../../capture/edits/editSchema.ts";
import {createModelKeeper, type ModelKeeper} from "../../capture/engine/modelKeeper.ts";
import {prepareCapture} from "../../capture/job/prepareCapture.ts";
import {readJsonFile} from "../../capture/trace/jsonFile.ts";
import {Refusal} from "../../capture/trace/refusal.ts";
import {storageDtypes} from "../../capture/trace/dtype.ts";
import type {Trace} from "../../capture/trace/schema.ts";
import {writtenSteps} from "../../capture/trace/writtenSteps.ts";
import {checkLine} from "../contract/checkLine.ts";
import {brokenLines} from "../runs/brokenPaths.ts";
import {keepGram} from "../census/gram/gramOfTrace.ts";
import {intoPlace} from "../files/intoPlace.ts";
import {newName} from "../runs/newName.ts";
import {patchEdits} from "../captures/patchEdits.ts";
import {readPromptFile} from "../captures/promptFile.ts";
import {stopSignal} from "./askedToStop.ts";
import {modelFolder} from "./modelFolder.ts";
import {note, print, printJson} from "./print.ts";
import {createProgress} from "./progress.ts";
import {choiceOption, deviceOption, dtypeOption, engineOption, examples, numberOption, seedOption, wholeOption} from "./options.ts";
import {counted} from "../../capture/trace/counted.ts";
import {asUsageErrors, nameList, numberList, UsageError, userPath, wholeNumber} from "./usage.ts";
import {titleOfFile} from "../contract/titleOfFile.ts";

interface CaptureOptions {
  readonly model: string;
  readonly prompt?: string;
  readonly prompts?: string;
  readonly tokens?: number[];
  readonly out?: string;
  readonly title?: string;
  readonly steps: number;
  readonly inits: number;
  readonly init: InitKind;
  readonly initScale: number;
  readonly initStates?: string;
  readonly seed: number;
  readonly sites: string[];
  readonly edit?: string;
  readonly engine: CaptureSpec["engine"];
  readonly dtype: CaptureSpec["dtype"];
  readonly storageDtype: CaptureSpec["storage_dtype"];
  readonly device: CaptureSpec["device"];
  readonly lens?: Lens;
  readonly prefix?: number;
  readonly top: number;
  readonly readout: boolean;
  readonly keep: (typeof keptKinds)[number];
  readonly json?: boolean;
}

const keptKinds = ["states", "gram"] as const;

export function addCapture(verb: Command): void {
  verb
    .requiredOption("--model <folder>", "checkpoint folder, or the name of a model that ships")
    .option("--prompt <text>", "the prompt (required: this, --prompts or --tokens)")
    .option("--prompts <file>", 'a file of {"prompt": …} lines: one run for each')
    .option("--tokens <ids>", "token ids joined by commas, instead of a prompt", numberList)
    .addOption(wholeOption("--steps <number>", "recurrent steps", captureBounds.steps))
    .addOption(wholeOption("--inits <number>", "initial states", captureBounds.inits))
    .addOption(seedOption("seed of the initial states"))
    .addOption(choiceOption("--init <kind>", "how initial states are made", initKinds))
    .addOption(
      numberOption("--init-scale <number>", "scale of the initial states; the constant itself for --init constant", captureBounds.scale)
    )
    .addOption(
      new Option("--init-states <file>", "safetensors file with `state` [inits, tokens, width]").conflicts([
        "inits",
        "init",
        "initScale",
        "seed"
      ])
    )
    .addOption(
      new Option(
        "--prefix <number>",
        "first tokens that see one another in both directions, in a model that was trained so (default: all of the prompt)"
      ).argParser(wholeNumber({least: 0, most: Number.MAX_SAFE_INTEGER}))
    )
    .option("--sites <names>", "sites to keep beside `state`, joined by commas", nameList, ["state"])
    .option("--edit <file>", "a JSON list of changes along the way: set, add, scale, patch (from another run), swap_input, freeze, noise")
    .addOption(engineOption())
    .addOption(dtypeOption())
    .addOption(choiceOption("--storage-dtype <name>", "numbers to keep states in", storageDtypes))
    .addOption(deviceOption())
    .addOption(new Option("--lens <name>", "how states are read out (default: as the model itself does)").choices(lenses))
    .addOption(wholeOption("--top <number>", "most likely tokens to keep at each step", captureBounds.top))
    .addOption(
      choiceOption(
        "--keep <what>",
        "states, or gram: the products of each path's states that labels are made of, a small part of their size; analyze and census --from read them",
        keptKinds
      )
    )
    .option("--no-readout", "keep no readout")
    .option("--title <text>", "what to call the run")
    .option("--out <folder>", "the run's folder, new or empty; with --prompts the folder of the runs (default: a new one in runs/)")
    .option("--json", "print one JSON document on stdout and nothing else")
    .addHelpText(
      "after",
      examples(
        'capture --model tiny-arithmetic --prompt "48+37=" --out runs/sum',
        "capture --model ~/checkpoints/mine --prompts prompts.jsonl --steps 128 --inits 8",
        "capture --model tiny-arithmetic --tokens 1,2,3 --sites core.0.attn_out --json"
      )
    )
    .action(captureAll);
}

async function captureAll(options: CaptureOptions): Promise<void> {
  const specs = await specsOf(options);
  for (const spec of specs) await asUsageErrors(prepareCapture(spec)); // every demand is checked before anything is computed
  const models = createModelKeeper({log: note});
  const signal = stopSignal();
  const done: Trace[] = [];
  try {
    for (const spec of specs) {
      if (!signal.aborted) done.push(await (options.keep === "gram" ? captureGram : captureOne)(spec, models, signal));
    }
  } finally {
    await models.dispose();
  }
  await report(specs, done, options);
  const last = done.at(-1);
  if (signal.aborted)
    throw new Error(
      `cancelled at step ${last ? writtenSteps(last) : 0} of ${last?.steps}; what was written is in ${specs[done.length - 1].dir}`
    );
}

async function captureOne(spec: CaptureSpec, models: ModelKeeper, signal: AbortSignal): Promise<Trace> {
  const progress = createProgress(basename(spec.dir), spec.steps);
  const trace = await capture(spec, {
    engine: () => models.engineFor(spec),
    signal,
    onProgress: ({step, secondsLeft}) => progress.tell(step, secondsLeft)
  }).finally(() => progress.end());
  await tellBroken(spec.dir);
  return trace;
}

/** Captures a run, and keeps of its states what labels are made of; of a run that is cancelled nothing is kept. */
async function captureGram(spec: CaptureSpec, models: ModelKeeper, signal: AbortSignal): Promise<Trace> {
  let trace: Trace | undefined;
  await intoPlace(spec.dir, async (fresh) => {
    const states = join(dirname(fresh), "states", basename(fresh)); // gone with what is underway
    trace = await captureOne({...spec, dir: states}, models, signal);
    if (trace.status !== "complete")
      throw new Error(`cancelled at step ${writtenSteps(trace)} of ${trace.steps}; a Gram trace is kept of a whole run`);
    await keepGram(states, fresh);
  });
  return trace!;
}

/** Numbers that are not finite have no label and no place in a picture, so it is said at once. */
async function tellBroken(dir: string): Promise<void> {
  const reader = await openTrace(dir);
  try {
    for (const line of await brokenLines(reader)) note(line);
  } finally {
    await reader.close();
  }
}

async function report(specs: readonly CaptureSpec[], traces: readonly Trace[], {prompts, json}: CaptureOptions): Promise<void> {
  const runs = traces.map(({status, stopped, steps, steps_written, inits, tokens, width, prompt}, i) => ({
    run: specs[i].dir,
    status,
    stopped,
    steps,
    steps_written,
    inits: inits.length,
    tokens: tokens.length,
    width,
    prompt
  }));
  if (json) return printJson(prompts === undefined ? runs[0] : {runs});
  for (const {run, status, steps_written, inits, tokens, width} of runs)
    await print(
      `${run}: ${status}, ${counted(steps_written, "step")} × ${counted(inits, "init")} × ${counted(tokens, "token")} × width ${width}`
    );
}

async function specsOf(options: CaptureOptions): Promise<CaptureSpec[]> {
  const {prompt, prompts, tokens, out, title} = options;
  const edits = options.edit === undefined ? [] : await asUsageErrors(readEditFile(userPath(options.edit)));
  if ([prompt, prompts, tokens].filter((given) => given !== undefined).length !== 1)
    throw new UsageError("invalid prompt: expected exactly one of --prompt, --prompts and --tokens");
  if (prompt === "") throw new UsageError("empty prompt: expected at least one token");
  const model = await modelFolder(options.model);
  if (prompts === undefined) {
    const dir = userPath(out ?? join("runs", newName(new Date(), title ?? prompt ?? "tokens")));
    return [specOf(options, model, {prompt, token_ids: tokens, edits, dir})];
  }
  const list = await asUsageErrors(readPromptFile(userPath(prompts)));
  const place = out === undefined ? `${userPath(join("runs", newName(new Date(), titleOfFile(prompts))))}-` : `${userPath(out)}/`; // beside each other in runs/, where the server looks
  const digits = String(list.length).length;
  return list.map((text, i) => specOf(options, model, {prompt: text, edits, dir: `${place}${String(i + 1).padStart(digits, "0")}`}));
}

function specOf(
  options: CaptureOptions,
  model: string,
  run: {prompt?: string; token_ids?: number[]; edits: readonly Edit[]; dir: string}
): CaptureSpec {
  const {title, steps, inits, init, initScale, initStates, seed, sites, engine, dtype, storageDtype, device, lens, prefix, top, readout} =
    options;
  const spec = {
    model,
    ...run,
    title,
    steps,
    inits,
    init: {kind: init, scale: initScale},
    init_states: initStates === undefined ? undefined : userPath(initStates),
    seed,
    prefix,
    sites,
    engine,
    dtype,
    storage_dtype: storageDtype,
    device,
    readout: readout ? {lens, top} : null
  };
  const parsed = captureSpecSchema.safeParse(spec);
  if (!parsed.success) throw new UsageError(checkLine(parsed.error, spec));
  return parsed.data;
}

const MAX_EDIT_BYTES = 256 * 2 ** 20; // vectors as numbers

async function readEditFile(path: string): Promise<Edit[]> {
  const json = await readJsonFile(path, {maxBytes: MAX_EDIT_BYTES, error: Refusal});
  return patchEdits(json, {folderOf: userPath}).catch((error: Error) => {
    throw new Refusal(`${error.message}; in ${path}`, {cause: error});
  });
}
