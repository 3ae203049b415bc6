import {numberedToken} from "../trace/numberedToken.ts";
import {stat} from "node:fs/promises";
import {basename, join} from "node:path";
import {Tokenizer as HuggingFaceTokenizer} from "@huggingface/tokenizers";
import type {Model} from "./family.ts";
import {encodeWholeWords, hasWholeWords} from "./wholeWords.ts";
import {ModelFormatError} from "./modelFormatError.ts";
import {readJsonFile} from "../trace/jsonFile.ts";
import {Refusal} from "../trace/refusal.ts";
import {withDeadline} from "./withDeadline.ts";

/** A token and how it reads. */
export interface Token {
  readonly id: number;
  readonly text: string;
}

interface EncodeOptions {
  /** The text has its special tokens already; defaults to false. */
  readonly isWhole?: boolean;
}

/** A checkpoint's tokenizer, bound to what its model can take. */
export interface Tokenizer {
  /** Token ids of a text, with those that the tokenizer puts around one (BOS), unless it brings its own, as a chat template does; throws a Refusal for an empty prompt, one that is too long, or a character that the vocabulary lacks, which it names. */
  encode(prompt: string, options?: EncodeOptions): number[];
  /** Ids with their texts; throws a Refusal for no ids, too many, or one that the model does not know. */
  tokens(ids: readonly number[]): Token[];
  /** How one token reads; an id in brackets where nothing says it. */
  text(id: number): string;
  /** The text of a sequence. */
  decode(ids: readonly number[]): string;
  /** The text of what follows another text: with the blank that some decoders strip from a sequence's beginning. */
  decodeNext(ids: readonly number[]): string;
  /** The id of a token by its name in the vocabulary, such as a special token's; undefined where it has none. */
  idOf(name: string): number | undefined;
}

/** The most milliseconds that cutting a text, or putting one together, may take: patterns come from a file, and may backtrack for ever. */
export const tokenizingMs = (characters: number): number => Math.round(5000 + characters / 20); // a tenth of the speed that is seen

/** What a model can take. */
type Limits = Pick<Model, "vocab" | "maxTokens">;

const MAX_TOKENIZER_BYTES = 200_000_000; // the largest vocabularies' files take some 30 MB

/**
 * Reads a checkpoint folder's tokenizer.json (and tokenizer_config.json where there is one). Without the file, ids are all
 * that there is: `tokens` shows them in brackets, and texts are refused.
 */
export async function loadTokenizer(folder: string, model: Limits): Promise<Tokenizer> {
  const path = join(folder, "tokenizer.json");
  const json = await readJson(path);
  if (!json) return idTokenizer(path, model);
  const tokenizer = tokenizerOf(folder, json, (await readJson(join(folder, "tokenizer_config.json"))) ?? {});
  const read = (ids: readonly number[], work: () => string): string =>
    withDeadline(`tokenizer of ${basename(folder)}: the text of ${ids.length} tokens`, tokenizingMs(ids.length), work);
  const idsOf = hasWholeWords(json)
    ? (text: string, isWhole: boolean) => encodeWholeWords(tokenizer, json, {text, isWhole})
    : (text: string, isWhole: boolean) => Array.from(tokenizer.encode(text, {add_special_tokens: !isWhole}).ids, Number);
  return {
    encode: (prompt, {isWhole = false} = {}) => {
      const ids =
        prompt === ""
          ? []
          : withDeadline(`tokenizer of ${basename(folder)}: a text of ${prompt.length} characters`, tokenizingMs(prompt.length), () =>
              encoded(folder, prompt, (text) => idsOf(text, isWhole))
            );
      if (ids.some(Number.isNaN)) throw new Refusal(unreadable((text) => idsOf(text, isWhole), prompt));
      checkIds(ids, model);
      return ids;
    },
    tokens: (ids) => {
      checkIds(ids, model);
      return ids.map((id) => ({id, text: textOf(tokenizer, id)}));
    },
    text: (id) => textOf(tokenizer, id),
    idOf: (name) => tokenizer.token_to_id(name),
    decode: (ids) => read(ids, () => decoded(tokenizer, ids)),
    decodeNext: (ids) =>
      read(ids, () => {
        const text = decoded(tokenizer, ids);
        const isStripped = ids.length > 0 && textOf(tokenizer, ids[0]) === ` ${decoded(tokenizer, [ids[0]])}`;
        return isStripped ? ` ${text}` : text;
      })
  };
}

const decoded = (tokenizer: HuggingFaceTokenizer, ids: readonly number[]): string =>
  ids.length === 0 ? "" : tokenizer.decode([...ids], {skip_special_tokens: false, clean_up_tokenization_spaces: false});

function idTokenizer(path: string, model: Limits): Tokenizer {
  const refuse = (): never => {
    throw new ModelFormatError(`missing file: ${path}; without it only token ids can be given`);
  };
  const decode = (ids: readonly number[]): string => ids.map(numberedToken).join("");
  return {
    encode: refuse,
    decode,
    decodeNext: decode,
    tokens: (ids) => {
      checkIds(ids, model);
      return ids.map((id) => ({id, text: numberedToken(id)}));
    },
    text: numberedToken,
    idOf: () => undefined
  };
}

/** What of a prompt the vocabulary has no token for: its first character that does not stand by itself. */
function unreadable(idsOf: (text: string) => readonly number[], prompt: string): string {
  let at = 0;
  for (const character of prompt) {
    if (idsOf(character).some(Number.isNaN)) {
      const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0");
      return `unknown character: ${JSON.stringify(character)} (U+${code}) at ${at}; the model's vocabulary lacks it`;
    }
    at += character.length;
  }
  return `unknown text: ${JSON.stringify(prompt.slice(0, 60))}; the model's vocabulary lacks a part of it`;
}

/** Throws a Refusal unless the ids are a sequence that the model can take. */
export function checkIds(ids: readonly number[], {vocab, maxTokens}: Limits): void {
  if (ids.length === 0) throw new Refusal("empty prompt: expected at least one token");
  if (ids.length > maxTokens) throw new Refusal(`prompt too long: ${ids.length} tokens; the model takes at most ${maxTokens}`);
  for (const id of ids)
    if (!(Number.isInteger(id) && id >= 0 && id < vocab)) throw new Refusal(`invalid token id: ${id}; expected 0 to ${vocab - 1}`);
}

/** How one token reads; the vocabulary's own name for one that is no whole text, such as a part of a UTF-8 sequence. */
function textOf(tokenizer: HuggingFaceTokenizer, id: number): string {
  const name = tokenizer.id_to_token(id);
  if (name === undefined) return numberedToken(id); // rows of the embedding that pad the vocabulary
  // Of a second one after it: some decoders strip the space before the first.
  const text = decoded(tokenizer, [id, id]).slice(decoded(tokenizer, [id]).length);
  return text === "" || text.includes("\uFFFD") ? name : text;
}

function tokenizerOf(folder: string, json: object, config: object): HuggingFaceTokenizer {
  refusePatterns(folder, json);
  try {
    return new HuggingFaceTokenizer(json, config);
  } catch (cause) {
    throw new ModelFormatError(`unsupported tokenizer.json in ${folder}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause
    });
  }
}

/** What the library trips over inside a file that it took. */
function encoded(folder: string, prompt: string, idsOf: (text: string) => number[]): number[] {
  try {
    return idsOf(prompt);
  } catch (cause) {
    throw new ModelFormatError(`unsupported tokenizer.json in ${folder}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause
    });
  }
}

/** The library prints a pattern of another kind, whatever it holds, and then splits nothing: ids would be wrong without a word. */
function refusePatterns(folder: string, value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  for (const [key, part] of Object.entries(value)) {
    if (key === "vocab" || key === "merges") continue; // the bulk of the file, where any name is a token
    const isPattern = key === "pattern";
    const {String: text, Regex: regex} = (isPattern ? (part ?? {}) : {}) as {readonly String?: unknown; readonly Regex?: unknown};
    if (isPattern && typeof text !== "string" && typeof regex !== "string")
      throw new ModelFormatError(
        `unsupported tokenizer.json in ${folder}: pattern ${JSON.stringify(part).slice(0, 80)}; expected a String or a Regex`
      );
    refusePatterns(folder, part);
  }
}

/** A JSON file's object; undefined where there is no file. */
async function readJson(path: string): Promise<object | undefined> {
  const isThere = await stat(path).then(
    () => true,
    () => false
  );
  if (!isThere) return undefined;
  const json = await readJsonFile(path, {maxBytes: MAX_TOKENIZER_BYTES, error: ModelFormatError});
  if (typeof json === "object" && json !== null && !Array.isArray(json)) return json;
  throw new ModelFormatError(`invalid ${path}: not a JSON object`);
}
