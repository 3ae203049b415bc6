import type {Tokenizer} from "@huggingface/tokenizers";

/** An added token as tokenizer.json has it. */
interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly single_word?: boolean;
  readonly lstrip?: boolean;
  readonly rstrip?: boolean;
  readonly special?: boolean;
  readonly normalized?: boolean;
}

/** Whether a tokenizer.json has tokens that are taken only as whole words, which @huggingface/tokenizers 0.2 takes anywhere. */
export const hasWholeWords = (json: object): boolean => addedTokensOf(json).some((token) => token.single_word);

const addedTokensOf = (json: object): readonly AddedToken[] => ("added_tokens" in json ? (json.added_tokens as AddedToken[]) : []);

/**
 * Token ids of a text, as the reference (Rust tokenizers) gives them: added tokens are cut out first, leftmost and longest, those
 * marked `single_word` only where no letter, digit, mark or joiner stands beside them. What is between goes the library's own way.
 */
export function encodeWholeWords(
  tokenizer: Tokenizer,
  json: object,
  {text, isWhole}: {readonly text: string; readonly isWhole: boolean}
): number[] {
  const {normalizer, pre_tokenizer: preTokenizer, model, post_processor: postProcessor} = tokenizer;
  if (!model) throw new Error("unsupported tokenizer: it has no model");
  const normalize = (part: string): string => normalizer?.normalize(part) ?? part;
  const added = addedTokensOf(json);
  const isNormalized = ({normalized, special}: AddedToken): boolean => normalizer !== null && (normalized ?? !special);
  const asWritten = cutter(added.filter((token) => !isNormalized(token)).map((token) => [token.content, token]));
  const afterwards = cutter(added.filter(isNormalized).map((token) => [normalize(token.content), token]));
  const tokens = asWritten(text).flatMap((section, index) => {
    if (typeof section !== "string") return [section.content];
    return afterwards(normalize(section)).flatMap((part) => {
      if (typeof part !== "string") return [part.content];
      return model._call(preTokenizer?.pre_tokenize(part, {section_index: index} as object) ?? [part]);
    });
  });
  const ids = new Map(added.map(({content, id}) => [content, id]));
  const {tokens: all} = postProcessor?.post_process(tokens, null, !isWhole) ?? {tokens};
  return all.map((token) => Number(ids.get(token) ?? model.tokens_to_ids.get(token) ?? model.unk_token_id));
}

/** Cuts the tokens out of a text; what is between them stays text. */
function cutter(tokens: readonly (readonly [content: string, token: AddedToken])[]): (text: string) => readonly (string | AddedToken)[] {
  if (tokens.length === 0) return (text) => (text === "" ? [] : [text]);
  const byContent = new Map(tokens);
  const longestFirst = [...byContent.keys()].filter(Boolean).sort((a, b) => b.length - a.length);
  const pattern = new RegExp(longestFirst.map(escaped).join("|"), "gu");
  return (text) => {
    const sections: (string | AddedToken)[] = [];
    let end = 0;
    for (const {0: content, index} of text.matchAll(pattern)) {
      const token = byContent.get(content)!;
      const after = index + content.length;
      if (
        token.single_word &&
        (WORD_BEFORE.test(text.slice(Math.max(0, index - 2), index)) || WORD_AFTER.test(text.slice(after, after + 2)))
      )
        continue;
      const start = Math.max(end, token.lstrip ? text.slice(0, index).trimEnd().length : index);
      if (start > end) sections.push(text.slice(end, start));
      sections.push(token);
      end = token.rstrip ? text.length - text.slice(after).trimStart().length : after;
    }
    return end < text.length ? [...sections, text.slice(end)] : sections;
  };
}

// \w of Rust's regular expressions; the last or first character of two code units
const WORD_BEFORE = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]$/u;
const WORD_AFTER = /^[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]/u;

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
