import {z} from "zod";
import {likeliest} from "../../analysis/eval/scores.ts";
import {Refusal} from "../../capture/trace/refusal.ts";

/** A request's arguments: a list in older files, `{arg_0: …}` in newer ones. */
const argumentsOf = z.union([z.array(z.unknown()), z.record(z.string(), z.unknown()).transform((record) => Object.values(record))]);

/** A line of a `samples_*.jsonl` file of lm-evaluation-harness (`--log_samples`). */
export const harnessLineSchema = z.object({
  doc_id: z.number(),
  target: z.union([z.string(), z.number(), z.array(z.unknown())]),
  /** One request for a text, or one for each choice. */
  arguments: z.union([z.array(argumentsOf), z.record(z.string(), argumentsOf).transform((record) => Object.values(record))]),
  filter: z.string().optional(),
  acc: z.unknown().optional(),
  filtered_resps: z.unknown().optional()
});
type HarnessLine = z.infer<typeof harnessLineSchema>;

const generationSchema = z.object({
  until: z.union([z.string(), z.array(z.string())]).optional(),
  max_gen_toks: z.number().optional(),
  max_new_tokens: z.number().optional()
});

/**
 * The item behind a sample: what the harness asked, and what was right. Requests with a continuation are choices by log-likelihood; one with
 * generation arguments is a text, of gsm8k's form where its filter says so or its answer ends in `#### N`.
 */
export function harnessItem(line: HarnessLine, where: string): unknown {
  const {target, doc_id, arguments: requests, filter = ""} = line;
  const [prompt, second] = requests[0] ?? [];
  if (requests.length > 1 || typeof second === "string") return {id: String(doc_id), ...choiceOf(line, where)};
  if (second === undefined) throw new Refusal(`invalid ${where}: the likelihood of a text alone; expected choices, or a text to make`);
  if (isSeveral(target)) throw new Refusal(`invalid ${where}: several targets; expected one`);
  const {until = [], max_gen_toks, max_new_tokens = max_gen_toks} = generationSchema.safeParse(second).data ?? {};
  return {
    kind: "text",
    id: String(doc_id),
    prompt,
    answer: String(target),
    until: [until].flat().filter((stop) => stop !== ""),
    filter: filterOf(filter, String(target), where),
    ...(max_new_tokens !== undefined && {max_new: max_new_tokens})
  };
}

/** Choices as the harness asks for them: `target_delimiter` and the choice after one context, or the same text after a context for each. */
function choiceOf(line: HarnessLine, where: string): object {
  const given = line.arguments
    .map(([context, continuation]) => [String(context), String(continuation)] as const)
    .filter(([context]) => context !== ""); // acc_mutual_info asks for every choice once more after nothing
  const contexts = given.map(([context]) => context);
  const texts = given.map(([, continuation]) => continuation);
  if (texts.length < 2) throw new Refusal(`invalid ${where}: the likelihood of one continuation; expected two or more choices`);
  const isShared = contexts.every((context) => context === contexts[0]);
  const delimiter = sharedBlank(texts);
  const choices = texts.map((text) => text.slice(delimiter.length));
  const answer = isShared ? indexOf(line.target, choices) : answeredIndex(line, choices.length);
  if (!(answer >= 0 && answer < choices.length))
    throw new Refusal(
      isShared
        ? `invalid ${where}: target ${JSON.stringify(line.target)}; expected the index of one of ${choices.length} choices`
        : `invalid ${where}: which of its contexts is right is not told; expected acc and filtered_resps of ${choices.length} of them`
    );
  return {kind: "choice", prompt: contexts[0], choices, delimiter, answer, ...(!isShared && {contexts})};
}

/** The blank that all texts begin with, which is the harness's `target_delimiter` (a file of samples does not tell it). */
const sharedBlank = (texts: readonly string[]): string => {
  const blank = /^\s?/.exec(texts[0] ?? "")![0];
  return texts.every((text) => text.startsWith(blank) && text.length > blank.length) ? blank : "";
};

/** Digits are an index, as the harness takes them. */
function indexOf(target: HarnessLine["target"], choices: readonly string[]): number {
  if (typeof target === "number") return Number.isInteger(target) ? target : -1;
  if (typeof target !== "string") return -1;
  return /^\d+$/.test(target) ? Number(target) : choices.indexOf(target);
}

/** Where contexts differ, `target` is the text after them. What was right is then told by what the harness's model answered, and whether that was right. */
function answeredIndex({acc, filtered_resps}: HarnessLine, count: number): number {
  const answers = z
    .array(z.tuple([z.coerce.number()], z.unknown()))
    .length(count)
    .safeParse(filtered_resps).data;
  if (!answers) return -1;
  const chosen = likeliest(answers.map(([value]) => value));
  return acc === 1 ? chosen : acc === 0 && count === 2 ? 1 - chosen : -1;
}

/** A list of targets; newer files have it as Python writes it. */
const isSeveral = (target: HarnessLine["target"]): boolean =>
  Array.isArray(target) || (typeof target === "string" && /^\[(['"]).*\1\]$/s.test(target));

/** The harness's names of no filter at all, but for blanks around the text. */
const PLAIN_FILTERS = ["", "none", "remove_whitespace"];

function filterOf(filter: string, target: string, where: string): string {
  if (filter.startsWith("strict")) return "gsm8k-strict";
  if (filter.startsWith("flexible") || /#### -?[0-9.,]+\s*$/.test(target)) return "gsm8k-flexible";
  if (PLAIN_FILTERS.includes(filter)) return "exact";
  throw new Refusal(
    `invalid ${where}: filter ${JSON.stringify(filter)}, whose pattern is not in the file; expected none, strict-match or flexible-extract`
  );
}
