import {join} from "node:path";
import {Template} from "@huggingface/jinja";
import {z} from "zod";
import {withDeadline} from "../model/withDeadline.ts";
import {loadTokenizer, type Tokenizer} from "../model/tokenizer.ts";
import type {Model} from "../model/family.ts";
import {jsonFileIfThere} from "../trace/jsonFile.ts";
import {Refusal} from "../trace/refusal.ts";
import {textFileIfThere} from "../trace/textFile.ts";
import type {GenerateSpec} from "./generateSpec.ts";

const TEMPLATE_MS = 2000; // it comes from a file, and may loop; those of models take a few
const READ = {maxBytes: 64 * 2 ** 20, error: Refusal}; // a tokenizer_config.json may list every added token

/** A prompt as ids, and what ends an answer to it. */
export interface PreparedPrompt {
  readonly ids: readonly number[];
  /** Ids after which nothing follows. */
  readonly stopIds: ReadonlySet<number>;
  readonly tokenizer: Tokenizer;
}

/**
 * Token ids of a generation's prompt, through the chat template where that is asked for, which has all special tokens in it. Ends are the end-of-sequence tokens of
 * generation_config.json and of tokenizer_config.json; config.json's are not looked at, as retrofitted models carry another model's there.
 * Throws a Refusal for a template that is not there, or a context that would grow longer than the model takes.
 */
export async function preparePrompt(
  folder: string,
  model: Model,
  spec: Pick<GenerateSpec, "prompt" | "token_ids" | "chat" | "max_new" | "diffuse">
): Promise<PreparedPrompt> {
  const tokenizer = await loadTokenizer(folder, model);
  const config = await configOf(folder);
  const ids =
    spec.token_ids ??
    (spec.chat ? tokenizer.encode(await chatOf(folder, config, spec.prompt!), {isWhole: true}) : tokenizer.encode(spec.prompt!));
  tokenizer.tokens(ids); // ids that the model does not know are refused by name
  const unread = spec.diffuse ? 0 : 1; // the last token is chosen and not taken up; a wavefront has taken up what it freezes
  if (ids.length + spec.max_new - unread > model.maxTokens)
    throw new Refusal(
      `context too long: ${ids.length} tokens of prompt and ${spec.max_new} new ones; the model takes at most ${model.maxTokens}`
    );
  return {ids, stopIds: await stopIdsOf(folder, tokenizer), tokenizer};
}

/** Of several templates, as some checkpoints have them, the one that transformers takes where none is named. */
const named = (templates: readonly {readonly name: string; readonly template: string}[]): string | undefined =>
  templates.find(({name}) => name === "default")?.template;

const special = z.union([z.string(), z.object({content: z.string()}).transform(({content}) => content)]);
const tokenizerConfigSchema = z.object({
  eos_token: special.nullish().catch(undefined),
  bos_token: special.nullish().catch(undefined),
  chat_template: z
    .union([z.string(), z.array(z.object({name: z.string(), template: z.string()})).transform(named)])
    .nullish()
    .catch(undefined)
});
type TokenizerConfig = z.infer<typeof tokenizerConfigSchema>;
const configOf = async (folder: string): Promise<TokenizerConfig> =>
  tokenizerConfigSchema.safeParse(await readJson(join(folder, "tokenizer_config.json"))).data ?? {};

const ids = z.union([z.number().int(), z.array(z.number().int())]);
const generationConfigSchema = z.object({eos_token_id: ids.nullish().catch(undefined)});

export const NO_TEMPLATE = "the model's tokenizer_config.json has none";

/** The chat template of a checkpoint's folder; undefined where it has none. */
export async function chatTemplate(folder: string, config?: TokenizerConfig): Promise<string | undefined> {
  const {chat_template} = config ?? (await configOf(folder));
  return (chat_template ?? (await textFileIfThere(join(folder, "chat_template.jinja"), READ))) || undefined;
}

async function chatOf(folder: string, config: TokenizerConfig, content: string): Promise<string> {
  const {bos_token, eos_token} = config;
  const template = await chatTemplate(folder, config);
  if (!template) throw new Refusal(`missing chat template: ${NO_TEMPLATE}; expected a prompt without chat`);
  try {
    return withDeadline("it", TEMPLATE_MS, () =>
      new Template(template).render({
        messages: [{role: "user", content}],
        add_generation_prompt: true,
        bos_token: bos_token ?? "",
        eos_token: eos_token ?? ""
      })
    );
  } catch (cause) {
    throw new Refusal(`invalid chat template: ${cause instanceof Error ? cause.message : String(cause)}`, {cause});
  }
}

/** Ids after which nothing follows: see preparePrompt. */
export async function stopIdsOf(folder: string, tokenizer: Tokenizer): Promise<ReadonlySet<number>> {
  const {eos_token} = await configOf(folder);
  const {eos_token_id} = generationConfigSchema.safeParse(await readJson(join(folder, "generation_config.json"))).data ?? {};
  const own = eos_token ? tokenizer.idOf(eos_token) : undefined;
  return new Set([...[eos_token_id ?? []].flat(), ...(own === undefined ? [] : [own])]);
}

/** A small JSON file of the checkpoint; undefined where it is not there or is none: the tokenizer's own reader tells what is wrong with it. */
async function readJson(path: string): Promise<unknown> {
  return jsonFileIfThere(path, READ).catch((error: unknown) => {
    if (error instanceof Refusal) return undefined;
    throw error;
  });
}
