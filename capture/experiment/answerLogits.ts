import type {Engine} from "../engine/engine.ts";

/** Logits of some tokens of all starts. */
interface LogitsPart {
  readonly firstToken: number;
  readonly tokens: number;
  /** [starts, tokens, vocab] */
  readonly logits: Float32Array;
}

interface AnswerLogitsOptions {
  readonly starts: number;
  readonly tokens: number;
  /** Memory for the logits of one part; defaults to 64 MB. A part holds at least one token of all starts. */
  readonly budgetBytes?: number;
}

/** What the model would say in each of the states [starts, tokens, width], through the coda, a few tokens at a time: all logits of a large vocabulary do not fit. */
export async function* answerLogits(
  engine: Engine,
  states: Float32Array,
  {starts, tokens, budgetBytes = 64_000_000}: AnswerLogitsOptions
): AsyncGenerator<LogitsPart, void, undefined> {
  const {width, vocab} = engine.model;
  const rows = await engine.decode(states, {inits: starts, tokens});
  const part = Math.max(1, Math.min(tokens, Math.floor(budgetBytes / (starts * vocab * Float32Array.BYTES_PER_ELEMENT))));
  for (let first = 0; first < tokens; first += part) {
    const count = Math.min(part, tokens - first);
    const chosen = count === tokens ? rows : new Float32Array(starts * count * width);
    if (chosen !== rows)
      for (let s = 0; s < starts; ++s)
        chosen.set(rows.subarray((s * tokens + first) * width, (s * tokens + first + count) * width), s * count * width);
    yield {firstToken: first, tokens: count, logits: await engine.head(chosen)};
  }
}
