import {errorLine} from "../../capture/errorLine.ts";
import type {Tokenizer} from "../../capture/model/tokenizer.ts";
import type {ExperimentPrompt} from "../contract/experimentSchemas.ts";
import type {PromptInput} from "./runPrompt.ts";
import {Refusal} from "../../capture/trace/refusal.ts";

/** Prompts as token ids. Throws an Error that names the first prompt, from 1, which the model cannot take. */
export const promptInputs = (prompts: readonly ExperimentPrompt[], tokenizer: Tokenizer): PromptInput[] =>
  prompts.map((prompt, i) => {
    try {
      return promptInput(prompt, tokenizer);
    } catch (cause) {
      throw new Refusal(`invalid prompt ${i + 1}: ${errorLine(cause)}`, {cause});
    }
  });

/**
 * A prompt with its answer is cut into tokens as one text, since a token may span both; what should be predicted begins at the first token that
 * the prompt alone does not have. The answer's last token is not run: it predicts nothing that is known.
 */
function promptInput({prompt, answer}: ExperimentPrompt, tokenizer: Tokenizer): PromptInput {
  const ids = tokenizer.encode(prompt);
  if (answer === undefined) return {ids};
  const all = tokenizer.encode(prompt + answer);
  let shared = 0;
  while (shared < ids.length && shared < all.length && ids[shared] === all[shared]) ++shared;
  if (shared === 0 || shared === all.length)
    throw new Refusal(`invalid answer: ${JSON.stringify(answer.slice(0, 60))}; expected a text that adds tokens to the prompt`);
  return {ids: all.slice(0, -1), expected: all.slice(shared).map((id, i) => ({token: shared + i - 1, id}))};
}
