import {TRACE_SCHEMA} from "./schema.ts";

const FIRST_SCHEMA = "orrery-trace/1";

/** The versions that are read, in words. */
export const READ_SCHEMAS = `${FIRST_SCHEMA} and ${TRACE_SCHEMA}`;

const FORMULAS: Readonly<Record<string, string>> = {coda: "softmax(head(ln_f(coda(ln_f(hₜ)))))", logit: "softmax(head(ln_f(hₜ)))"};

type Json = Readonly<Record<string, unknown>>;

/**
 * The content of a trace.json in the words of the newest schema: version 1 named its sites only, and all its models injected their input,
 * carried one state and were normed by `ln_f`. Any other value is given back as it is.
 */
export function upgradeTrace(json: unknown): unknown {
  if (!isObject(json) || json.schema !== FIRST_SCHEMA) return json;
  const config = isObject(json.model) && isObject(json.model.config) ? json.model.config : {};
  const isCaptured = json.imported === undefined;
  return {
    ...json,
    schema: TRACE_SCHEMA,
    family: null,
    trained_steps: isCount(config.mean_recurrence) ? config.mean_recurrence : null,
    injects_input: isCaptured ? true : null,
    state_parts: [{name: "state", width: json.width}],
    sites: Array.isArray(json.sites) ? json.sites.map((name) => siteOf(String(name), json, config)) : json.sites,
    state_is: isCaptured ? "the core’s output before ln_f; step 0 is the initial state" : null,
    readout: isObject(json.readout) ? {...json.readout, formula: FORMULAS[String(json.readout.lens)]} : json.readout,
    ...(isCaptured && {lenses: Object.entries(FORMULAS).map(([name, formula]) => ({name, formula}))}),
    scalars: [],
    norm: {kind: "rms", weight: "ln_f", eps: typeof config.norm_eps === "number" ? config.norm_eps : 1e-6}
  };
}

/** What a site's name told in version 1. */
function siteOf(name: string, {width}: Json, config: Json): Json {
  const isBefore = name === "embed" || name === "input" || name.startsWith("prelude.");
  const isRead = name === "state_normed" || name === "logits" || name.startsWith("coda.");
  return {
    name,
    phase: isBefore ? "before" : isRead ? "read" : "step",
    first_step: name.startsWith("core.") ? 1 : 0,
    width: widthOf(name, width, config),
    per_init: !isBefore
  };
}

function widthOf(name: string, width: unknown, {padded_vocab_size, vocab_size, intermediate_size}: Json): unknown {
  if (name === "logits") return padded_vocab_size ?? vocab_size ?? width;
  if (name.endsWith(".qkv")) return 3 * Number(width);
  return name.endsWith(".mlp_fc") && isCount(intermediate_size) ? 2 * intermediate_size : width;
}

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);
const isCount = (value: unknown): value is number => Number.isInteger(value) && (value as number) > 0;
