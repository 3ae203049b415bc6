import type {CaptureSpec} from "./captureSpec.ts";
import {checkEdits} from "../edits/checkEdits.ts";
import type {Edit} from "../edits/editSchema.ts";
import {loadCheckpoint, type Checkpoint} from "../model/checkpoint.ts";
import type {ModelConfig} from "../families/huginn/config.ts";
import {checkSites} from "../families/huginn/sites.ts";
import {loadTokenizer, type Token, type Tokenizer} from "../model/tokenizer.ts";
import {Refusal} from "../trace/refusal.ts";

/** A capture whose every demand was checked against the model, before any of its weights is loaded. */
export interface PreparedCapture {
  /** Closed: what it says about itself counts, not its weights. */
  readonly checkpoint: Checkpoint;
  readonly config: ModelConfig;
  readonly tokens: readonly Token[];
  /** Sites to keep, `state` first. */
  readonly sites: readonly string[];
  readonly encode: Tokenizer["encode"];
}

const MAX_STATE_BYTES = 2 ** 31; // one step's states; Huginn with 1,024 tokens takes 21 MB for each initial state

export type CaptureDemand = Pick<CaptureSpec, "model" | "prompt" | "token_ids" | "steps" | "inits" | "sites" | "edits">;

/** Throws an error of one line for a folder that is no model, a prompt that it cannot take, or a site that it does not have. */
export async function prepareCapture({model, prompt, token_ids, steps, inits, sites, edits}: CaptureDemand): Promise<PreparedCapture> {
  const checkpoint = await loadCheckpoint(model);
  await checkpoint.close();
  const {config} = checkpoint;
  checkSites(config, sites);
  const tokenizer = await loadTokenizer(model, config);
  const ids = token_ids ?? tokenizer.encode(prompt ?? "");
  const tokens = tokenizer.tokens(ids);
  const stateBytes = inits * ids.length * config.width * Float32Array.BYTES_PER_ELEMENT;
  if (stateBytes > MAX_STATE_BYTES)
    throw new Refusal(`invalid inits: ${inits}; with ${ids.length} tokens one step takes ${stateBytes} bytes, at most ${MAX_STATE_BYTES}`);
  checkEdits(
    edits.map((edit) => withIds(edit, tokenizer)),
    config,
    {tokens: tokens.length, steps, inits}
  );
  return {checkpoint, config, tokens, encode: tokenizer.encode, sites: ["state", ...new Set(sites.filter((site) => site !== "state"))]};
}

/** The edit with the prompt that it names as token ids. */
const withIds = (edit: Edit, tokenizer: Tokenizer): Edit =>
  edit.op === "swap_input" && edit.prompt !== undefined && edit.token_ids === undefined
    ? {...edit, prompt: undefined, token_ids: tokenizer.encode(edit.prompt)}
    : edit;
