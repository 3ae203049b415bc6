import {software} from "../../capture/software.ts";
import {beyondSpan, isBeyond} from "../../capture/trace/trainedSteps.ts";
import type {Trace} from "../../capture/trace/schema.ts";
import {countText} from "./figureText.ts";
import type {Fact} from "../contract/reportData.ts";

/** What ran, so that a reader can run it again. */
export function runProvenance(trace: Trace): Fact[] {
  const {model, width, steps, steps_written, compute_dtype, storage_dtype, engine, readout, exit_rule, edits, created} = trace;
  const facts: readonly (readonly [string, string | null])[] = [
    ["model", model.name],
    ["model hash", model.hash === null ? "not known" : `sha256 ${model.hash}`],
    ["revision", model.revision],
    ["architecture", trace.family],
    ["tap", `state: ${trace.state_is ?? "as it was imported"}; ${countText(width, "number")} a token`],
    ["also carried", partsText(trace)],
    ["seen in both directions", trace.prefix > 0 ? `the first ${countText(trace.prefix, "token")}` : null],
    ["tokens", tokensText(trace)],
    ["steps of each token", trace.generated ? trace.generated.steps.join(", ") : null],
    ["cache", trace.generated?.kv ?? null],
    ["steps", steps_written === steps ? String(steps) : `${steps_written} of ${steps}`],
    ["trained with", trainedText(trace)],
    ["initial states", initsText(trace)],
    ["computed in", compute_dtype],
    ["stored in", storage_dtype],
    ["engine", `${engine.name} ${engine.version}, ${engine.device}${engine.threads > 0 ? `, ${countText(engine.threads, "thread")}` : ""}`],
    ["readout", readout ? `${readout.lens} lens, ${countText(readout.top, "likeliest token")} kept` : "none"],
    ["edits", edits.length > 0 ? JSON.stringify(edits) : null],
    ["exit rule", exit_rule],
    ["captured by", `${trace.software.name} ${trace.software.version}`],
    ["captured at", created],
    ["analysed by", `${software.name} ${software.version}`]
  ];
  return facts.flatMap(([name, value]) => (value === null ? [] : [{name, value}]));
}

const tokensText = ({tokens, generated}: Trace): string =>
  generated && generated.from < tokens.length
    ? `${tokens.length}, of which the model made ${tokens.length - generated.from}: those from token ${generated.from}`
    : String(tokens.length);

const partsText = ({state_parts: [, ...parts]}: Trace): string | null =>
  parts.length > 0 ? parts.map(({name, width}) => `${name}, ${countText(width, "number")} a token`).join("; ") : null;

/** What lies beyond the steps that a model was trained with is extrapolation. */
function trainedText({trained_steps: trained, steps_written: last}: Trace): string | null {
  if (trained === null) return null;
  return `${countText(trained, "step")}${beyondSpan(trained, last)}${isBeyond(trained, last) ? ": extrapolation" : ""}`;
}

function initsText({inits}: Trace): string {
  const [{kind, seed, scale}] = inits;
  const drawn = {
    normal: `normal cut at ±3σ, seed ${seed ?? "not known"}, scale ${scale ?? 1}`,
    zero: "zero",
    constant: `constant ${scale ?? 0}`,
    own: ownText(inits),
    near: `the model’s own and noise of ${scale ?? 0} of its size, seed ${seed ?? "not known"}`,
    file: "read from a file"
  }[kind];
  return `${inits.length} (${drawn})`;
}

/** The model's own start, and what further ones are. */
function ownText([, further]: Trace["inits"]): string {
  if (!further) return "the model’s own";
  const scale = further.scale ?? 1;
  return further.kind === "near"
    ? `the model’s own, and that with noise of ${scale} of its size, seed ${further.seed ?? "not known"}`
    : `the model’s own, and its stored part drawn anew, seed ${further.seed ?? "not known"}, scale ${scale}`;
}
