import type {Command} from "commander";
import {exitPolicy, EXIT_RULES, parseExitRule} from "../../analysis/exit/exitRules.ts";
import {captureBounds, generateBounds, initKinds, prefills, warmStarts} from "../../capture/bounds.ts";
import type {ComputeDtype, Device, EngineKind} from "../../capture/engine/choices.ts";
import {createModelKeeper} from "../../capture/engine/modelKeeper.ts";
import {CACHE_STRATEGIES} from "../../capture/generate/cacheStrategy.ts";
import {loadCheckpoint} from "../../capture/families/loadCheckpoint.ts";
import {notOffered} from "../../capture/model/notOffered.ts";
import {generation} from "../../capture/generate/generation.ts";
import type {GenerationResult} from "../../capture/generate/generationResult.ts";
import {generateSpecSchema, type GenerateSpec} from "../../capture/generate/generateSpec.ts";
import {checkLine} from "../contract/checkLine.ts";
import {stopSignal} from "./askedToStop.ts";
import {addDiffuseOptions, diffuseDemand, type DiffuseOptions} from "./diffuseOptions.ts";
import {modelFolder} from "./modelFolder.ts";
import {choiceOption, deviceOption, dtypeOption, engineOption, numberOption, seedOption, wholeOption, examples} from "./options.ts";
import {note, print, printJson, printPart} from "./print.ts";
import {asUsageErrors, numberList, UsageError, userPath, wholeNumber} from "./usage.ts";

interface GenerateOptions extends DiffuseOptions {
  readonly model: string;
  readonly prompt?: string;
  readonly tokens?: number[];
  readonly maxNew: number;
  readonly steps?: number;
  readonly init: GenerateSpec["init"]["kind"];
  readonly initScale: number;
  readonly seed: number;
  readonly sample?: boolean;
  readonly temperature: number;
  readonly topK: number;
  readonly topP: number;
  readonly minP: number;
  readonly repetitionPenalty: number;
  readonly exit?: string;
  readonly minSteps: number;
  readonly prefill: GenerateSpec["prefill"];
  readonly kv?: string;
  readonly warmStart: boolean | string;
  readonly speculate?: GenerateSpec["speculate"];
  readonly stop?: string[];
  readonly chat?: boolean;
  readonly keep?: string;
  readonly title?: string;
  readonly engine: EngineKind;
  readonly dtype: ComputeDtype;
  readonly device: Device;
  readonly json?: boolean;
}

export function addGenerate(verb: Command): void {
  const command = verb
    .requiredOption("--model <folder>", "checkpoint folder, or the name of a model that ships")
    .option("--prompt <text>", "the prompt (required: this or --tokens)")
    .option("--tokens <ids>", "token ids joined by commas, instead of a prompt", numberList)
    .addOption(wholeOption("--max-new <number>", "tokens to make", generateBounds.maxNew))
    .option("--steps <number>", "steps for each token at most (default: what the model was trained for)", wholeNumber(captureBounds.steps))
    .addOption(choiceOption("--init <kind>", "how initial states are made", initKinds))
    .addOption(numberOption("--init-scale <number>", "scale of the initial states", captureBounds.scale))
    .addOption(seedOption("seed of the initial states and of the draws"))
    .option("--sample", "draw tokens by their probabilities; otherwise the likeliest is taken")
    .addOption(numberOption("--temperature <number>", "divides the logits; 0 takes the likeliest", generateBounds.temperature))
    .addOption(wholeOption("--top-k <number>", "draw among this many of the likeliest, 0 for all", generateBounds.topK))
    .addOption(numberOption("--top-p <number>", "draw among the likeliest up to this probability together", generateBounds.topP))
    .addOption(numberOption("--min-p <number>", "drop what is less likely than this share of the likeliest", generateBounds.minP))
    .addOption(numberOption("--repetition-penalty <number>", "pushes down what is there already", generateBounds.repetitionPenalty))
    .option("--exit <rule>", `leave the loop by a rule, RULE or RULE:THRESHOLD: ${EXIT_RULES.map(({name}) => name).join(", ")}`)
    .addOption(wholeOption("--min-steps <number>", "steps before the rule is asked", generateBounds.minSteps))
    .addOption(choiceOption("--prefill <how>", "the prompt's tokens leave the loop together, or each by itself", prefills))
    .option(
      "--kv <strategy>",
      `how steps share the cache: ${CACHE_STRATEGIES.map(({name}) => name).join(", ")} (default: full, with diffusion one step's slots)`
    )
    .option(
      "--warm-start [kind]",
      `start a token from the state of the one before it: ${warmStarts.slice(1).join(" or ")}; alone normed, raw with diffusion or where the model has no norm after its loop`,
      false
    )
    .option("--speculate <K:R>", "draft R tokens with K steps each and verify them with all steps: the greedy tokens, sooner", speculation)
    .option("--stop <text...>", "strings that end the text")
    .option("--chat", "put the prompt into the tokenizer's chat template")
    .option("--keep <folder>", "keep every position's states as a trace, in a new or empty folder")
    .option("--title <text>", "what to call that run")
    .addOption(engineOption())
    .addOption(dtypeOption())
    .addOption(deviceOption())
    .option("--json", "print one JSON document on stdout and nothing else");
  addDiffuseOptions(command)
    .addHelpText(
      "after",
      examples(
        "generate --model tiny-arithmetic --prompt $'\\n12+34='",
        "generate --model tiny-arithmetic --prompt $'\\n12+34=' --max-new 3 --exit kl --json"
      )
    )
    .action(generateText);
}

async function generateText(options: GenerateOptions, command: Command): Promise<void> {
  const spec = await specOf(options, command);
  const exit =
    spec.exit === undefined ? undefined : exitPolicy(await asUsageErrors(Promise.resolve().then(() => parseExitRule(spec.exit!))));
  const signal = stopSignal();
  const models = createModelKeeper({log: note});
  let shown = 0;
  let told = false;
  try {
    const result = await asUsageErrors(
      generation(spec, {
        engine: () => models.engineFor(spec),
        exit,
        signal,
        onNews: (news) => {
          if (!("token" in news)) return;
          const {text} = news;
          if (!options.json) printPart(text.slice(shown));
          shown = Math.max(shown, text.length);
        }
      })
    );
    told = true;
    if (options.json) await printJson(result);
    else await tell(result, shown);
    if (result.stopped === "cancelled") throw new Error(`cancelled after ${result.tokens.length} of ${spec.max_new} tokens`);
  } catch (error) {
    if (shown > 0 && !told) await print(""); // what went wrong stands on a line of its own
    throw error;
  } finally {
    await models.dispose();
  }
}

/** The rest of the text on stdout, and what it took on stderr. */
async function tell(
  {text, tokens, prompt_tokens, core_steps, kv_bytes, seconds, drafted, accepted, wavefront, run}: GenerationResult,
  shown: number
): Promise<void> {
  await print(text.slice(shown));
  const mean = tokens.length > 0 ? tokens.reduce((sum, {steps}) => sum + steps, 0) / tokens.length : 0;
  note(
    `${prompt_tokens.length} + ${tokens.length} tokens, ${mean.toFixed(1)} steps a token, ${core_steps} core steps, ${kv_bytes} bytes of keys and values, ${seconds.toFixed(2)} s` +
      (drafted === undefined ? "" : `, ${accepted} of ${drafted} drafts accepted`) +
      (wavefront === undefined ? "" : `, ${wavefront.rows.length + wavefront.left_out - 1} iterations of the wavefront`)
  );
  if (run !== undefined) note(`states: ${run}`);
}

async function specOf(options: GenerateOptions, command: Command): Promise<GenerateSpec> {
  const {model, prompt, tokens, maxNew, steps, init, initScale, seed, sample, temperature, topK, topP, minP, repetitionPenalty} = options;
  const {exit, minSteps, prefill, kv, warmStart, speculate, stop, chat, keep, title, engine, dtype, device} = options;
  if ([prompt, tokens].filter((given) => given !== undefined).length !== 1)
    throw new UsageError("invalid prompt: expected exactly one of --prompt and --tokens");
  const folder = await modelFolder(model);
  const diffuse = diffuseDemand(options, command);
  const spec = {
    model: folder,
    prompt,
    token_ids: tokens,
    max_new: maxNew,
    steps,
    init: {kind: init, scale: initScale},
    seed,
    sample: sample ?? false,
    temperature,
    top_k: topK,
    top_p: topP,
    min_p: minP,
    repetition_penalty: repetitionPenalty,
    exit,
    min_steps: minSteps,
    prefill,
    kv,
    warm_start: warmStart === true ? await usualWarmStart(folder, diffuse) : warmStart === false ? "none" : warmStart,
    speculate: speculate ?? null,
    diffuse,
    stop: stop ?? [],
    chat: chat ?? false,
    keep: keep === undefined ? undefined : userPath(keep),
    title,
    engine,
    dtype,
    device
  };
  const parsed = generateSpecSchema.safeParse(spec);
  if (!parsed.success) throw new UsageError(checkLine(parsed.error, spec));
  return parsed.data;
}

/** What continuous compute carries where nothing is said: the normed state, as the reference's plain decoding does, where there is one. */
async function usualWarmStart(folder: string, diffuse: GenerateSpec["diffuse"]): Promise<GenerateSpec["warm_start"]> {
  if (diffuse) return "raw";
  const {model, close} = await asUsageErrors(loadCheckpoint(folder));
  await close();
  return notOffered(model).warm_start_normed ? "raw" : "normed";
}

function speculation(text: string): GenerateSpec["speculate"] {
  const [draft, lookahead, ...rest] = text.split(":");
  if (lookahead === undefined || rest.length > 0)
    throw new UsageError(`invalid speculation: ${text}; expected draft steps and tokens ahead, as in 4:4`);
  return {draft_steps: wholeNumber(generateBounds.draftSteps)(draft), lookahead: wholeNumber(generateBounds.lookahead)(lookahead)};
}
