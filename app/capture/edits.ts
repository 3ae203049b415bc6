import type {CaptureRequest} from "../../api/contract/contract.ts";
import type {Source} from "../source/Source.ts";

export const OPS = ["scale", "set", "add", "patch", "swap_input", "freeze", "noise"] as const;
export type Op = (typeof OPS)[number];

type Edits = CaptureRequest["edits"];

/** One change to a capture as the form holds it; which of the fields count depends on `op`. */
export interface EditDraft {
  readonly op: Op;
  readonly site: string;
  readonly step: number;
  /** Token indices joined by commas; empty for all. */
  readonly tokens: string;
  readonly amount: number;
  readonly prompt: string;
  /** The run whose state is patched in. */
  readonly run: string;
}

export const newEdit: EditDraft = {op: "scale", site: "state", step: 1, tokens: "", amount: 0, prompt: "", run: ""};

/** What each change is called, and which fields it takes. */
export const OP_FIELDS: Readonly<
  Record<Op, {readonly name: string; readonly fields: readonly (keyof EditDraft)[]; readonly amount?: string}>
> = {
  scale: {name: "multiply (0 ablates)", fields: ["site", "step", "tokens", "amount"], amount: "factor"},
  set: {name: "set all entries", fields: ["site", "step", "tokens", "amount"], amount: "value"},
  add: {name: "add to all entries", fields: ["site", "step", "tokens", "amount"], amount: "value"},
  patch: {name: "patch from another run", fields: ["run", "step", "tokens"]},
  swap_input: {name: "swap the injected input", fields: ["step", "prompt"]},
  freeze: {name: "freeze tokens", fields: ["step", "tokens"]},
  noise: {name: "add noise at every step", fields: ["amount"], amount: "amount"}
};

const TOKENS = /^\s*\d+(\s*,\s*\d+)*\s*$/;

/** Why a model cannot be asked a change, by the change; see the server's `not_offered`. */
export type EditRefusals = Readonly<Partial<Record<string, string>>>;

/** What the server would refuse in a change; undefined where it is fine. */
export function editProblem(
  {op, step, tokens, amount, prompt, run}: EditDraft,
  steps: number,
  refusals: EditRefusals = {}
): string | undefined {
  const {fields} = OP_FIELDS[op];
  if (refusals[op] !== undefined) return `${OP_FIELDS[op].name}: ${refusals[op]}.`;
  if (fields.includes("step") && !(Number.isInteger(step) && step >= (op === "swap_input" ? 1 : 0) && step <= steps))
    return `Step: ${Number.isNaN(step) ? "nothing" : step}; expected ${op === "swap_input" ? 1 : 0} to ${steps}.`;
  if (fields.includes("tokens") && tokens.trim() && !TOKENS.test(tokens))
    return `Tokens: ${tokens}; expected indices joined by commas, or nothing for all.`;
  if ((op === "freeze" || op === "patch") && !tokens.trim()) return "Tokens: nothing; expected indices joined by commas.";
  if (fields.includes("amount") && !Number.isFinite(amount)) return `${OP_FIELDS[op].amount}: nothing; expected a number.`;
  if (op === "noise" && !(amount > 0)) return `amount: ${amount}; expected more than 0.`;
  if (op === "swap_input" && prompt === "") return "Prompt: nothing; expected one with as many tokens.";
  if (op === "patch" && !run) return "Run: nothing; expected a run to take the state from.";
  return undefined;
}

const indicesOf = (tokens: string): number[] => (tokens.trim() ? tokens.split(",").map(Number) : []);

/** The changes as the server takes them; a patch brings the other run's states along, of its first init. */
export async function editsOf(drafts: readonly EditDraft[], source: Source): Promise<Edits> {
  const lists = await Promise.all(drafts.map((draft) => (draft.op === "patch" ? patchesOf(draft, source) : [editOf(draft)])));
  return lists.flat();
}

function editOf({op, site, step, tokens, amount, prompt}: EditDraft): Edits[number] {
  const chosen = indicesOf(tokens);
  const where = {site, step, ...(chosen.length && {tokens: chosen})};
  if (op === "scale") return {op, ...where, factor: amount};
  if (op === "set") return {op, ...where, vector: amount};
  if (op === "add") return {op, ...where, vector: amount, scale: 1};
  if (op === "swap_input") return {op, from: step, prompt};
  return op === "freeze" ? {op, tokens: chosen, from: step} : {op: "noise", amount, type: "fixed", seed: 0};
}

async function patchesOf({step, tokens, run}: EditDraft, source: Source): Promise<Edits> {
  const chosen = indicesOf(tokens);
  const {
    tensors: {state}
  } = await source.states(run, {site: "state", tokens: chosen, from: step, to: step});
  const width = state.shape[3];
  return chosen.map((token, i) => ({
    op: "set" as const,
    site: "state",
    step,
    tokens: [token],
    vector: Array.from(state.data.subarray(i * width, (i + 1) * width))
  }));
}
