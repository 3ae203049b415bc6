import {z} from "zod";
import {Refusal} from "../../capture/trace/refusal.ts";

/** A request's arguments: a list in older files, `{arg_0: …}` in newer ones. */
const argumentsOf = z.union([z.array(z.unknown()), z.record(z.string(), z.unknown()).transform((record) => Object.values(record))]);

/** A line of a `samples_*.jsonl` file of lm-evaluation-harness (`--log_samples`). */
export const harnessLineSchema = z.object({
  doc_id: z.number(),
  target: z.union([z.string(), z.number(), z.array(z.unknown())]),
  /** One request for a text, or one for each choice. */
  arguments: z.union([z.array(argumentsOf), z.record(z.string(), argumentsOf).transform((record) => Object.values(record))]),
  filter: z.string().optional()
});

const generationSchema = z.object({until: z.union([z.string(), z.array(z.string())]).optional()});

/**
 * The item behind a sample: what the harness asked, and what was right. Requests with a continuation are choices by log-likelihood; one with
 * generation arguments is a text, of gsm8k's form where its filter says so or its answer ends in `#### N`.
 */
export function harnessItem({target, arguments: requests, filter = ""}: z.infer<typeof harnessLineSchema>, where: string): unknown {
  const [prompt, second] = requests[0] ?? [];
  if (requests.length > 1 || typeof second === "string") {
    const choices = requests.map((request) => request[1]);
    const answer =
      typeof target === "number" ? target : Number.isInteger(Number(target)) ? Number(target) : choices.indexOf(String(target));
    if (answer < 0 || answer >= choices.length)
      throw new Refusal(`invalid ${where}: target ${JSON.stringify(target)}; expected the index of one of ${choices.length} choices`);
    return {kind: "choice", task: "all", prompt, choices, answer};
  }
  if (Array.isArray(target)) throw new Refusal(`invalid ${where}: several targets; expected one`);
  const {until = []} = generationSchema.safeParse(second).data ?? {};
  return {kind: "text", task: "all", prompt, answer: String(target), until: [until].flat(), filter: filterOf(filter, String(target))};
}

function filterOf(filter: string, target: string): string {
  if (filter.startsWith("strict")) return "gsm8k-strict";
  if (filter.startsWith("flexible") || /#### -?[0-9.,]+\s*$/.test(target)) return "gsm8k-flexible";
  return "exact";
}
