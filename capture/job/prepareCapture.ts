import type {CaptureSpec} from "./captureSpec.ts";
import {checkEdits} from "../edits/checkEdits.ts";
import type {Edit} from "../edits/editSchema.ts";
import {loadCheckpoint} from "../families/loadCheckpoint.ts";
import type {Checkpoint} from "../model/checkpoint.ts";
import {ownPrefix, type Model} from "../model/family.ts";
import {siteNamed, type Site} from "../model/site.ts";
import {loadTokenizer, type Token, type Tokenizer} from "../model/tokenizer.ts";
import {dtypes, safetensorsDtypeOf} from "../trace/dtype.ts";
import type {Trace} from "../trace/schema.ts";
import {Refusal} from "../trace/refusal.ts";

/** A capture whose every demand was checked against the model, before any of its weights is loaded. */
export interface PreparedCapture {
  /** Closed: what it says about itself counts, not its weights. */
  readonly checkpoint: Checkpoint;
  readonly model: Model;
  readonly tokens: readonly Token[];
  /** Tokens at the start that see one another in both directions. */
  readonly prefix: number;
  /** Sites to keep: the parts of the state first, `state` the first of them. */
  readonly sites: readonly Site[];
  readonly readout: Trace["readout"];
  readonly tokenizer: Tokenizer;
}

const MAX_STATE_BYTES = 2 ** 31; // one step's states; a width of 5,280 with 1,024 tokens takes 21 MB for each initial state

export type CaptureDemand = Pick<CaptureSpec, "model" | "prompt" | "token_ids" | "steps" | "inits" | "sites" | "edits"> &
  Partial<Pick<CaptureSpec, "readout" | "prefix" | "storage_dtype">>;

/** Throws an error of one line for a folder that is no model, a prompt that it cannot take, or a site or lens that it does not have. */
export async function prepareCapture(demand: CaptureDemand): Promise<PreparedCapture> {
  const {prompt, token_ids, steps, inits, edits, readout = null} = demand;
  const checkpoint = await loadCheckpoint(demand.model);
  await checkpoint.close();
  const {model} = checkpoint;
  const parts = model.parts.map(({name}) => name);
  const sites = [...new Set([...parts, ...demand.sites])].map((name) => siteNamed(model, name));
  const tokenizer = await loadTokenizer(demand.model, model);
  const ids = token_ids ?? tokenizer.encode(prompt ?? "");
  const tokens = tokenizer.tokens(ids);
  const stateBytes = inits * ids.length * model.carriedWidth * Float32Array.BYTES_PER_ELEMENT;
  if (stateBytes > MAX_STATE_BYTES)
    throw new Refusal(`invalid inits: ${inits}; with ${ids.length} tokens one step takes ${stateBytes} bytes, at most ${MAX_STATE_BYTES}`);
  checkEdits(
    edits.map((edit) => withIds(edit, tokenizer)),
    model,
    {tokens: tokens.length, steps, inits}
  );
  const lens = readout && (readout.lens ?? model.lenses[0]);
  if (lens !== null && !model.lenses.includes(lens))
    throw new Refusal(`unknown lens: ${lens}; ${model.family} has ${model.lenses.join(", ")}`);
  return {
    checkpoint,
    model,
    tokens,
    prefix: prefixOf(model, tokens.length, demand.prefix),
    sites,
    readout: lens === null ? null : {lens, top: Math.min(readout!.top, model.vocab), formula: model.lensFormulas[lens]},
    tokenizer
  };
}

function prefixOf(model: Model, tokens: number, asked = ownPrefix(model, tokens)): number {
  if (asked > 0 && !model.isPrefixed) throw new Refusal(`invalid prefix: ${asked}; ${model.family} sees what lies before a token only`);
  if (asked > tokens) throw new Refusal(`invalid prefix: ${asked}; expected 0 to ${tokens}, the tokens of the prompt`);
  return asked;
}

/** The edit with the prompt that it names as token ids. */
const withIds = (edit: Edit, tokenizer: Tokenizer): Edit =>
  edit.op === "swap_input" && edit.prompt !== undefined && edit.token_ids === undefined
    ? {...edit, prompt: undefined, token_ids: tokenizer.encode(edit.prompt)}
    : edit;

/** What the states of a capture take on the disk, all steps of them. */
export function captureBytes(
  {sites, tokens}: Pick<PreparedCapture, "sites" | "tokens">,
  {steps, inits, storage_dtype = "f32"}: Pick<CaptureDemand, "steps" | "inits" | "storage_dtype">
): number {
  const numbers = sites.reduce(
    (sum, {phase, perInit, width, firstStep}) => sum + (phase === "before" ? 1 : steps + 1 - firstStep) * (perInit ? inits : 1) * width,
    0
  );
  return numbers * tokens.length * dtypes[safetensorsDtypeOf[storage_dtype]].bytes;
}
