import {software} from "../../capture/software.ts";
import type {Trace} from "../../capture/trace/schema.ts";
import {counted} from "./figureText.ts";
import type {Fact} from "../contract/reportData.ts";

/** What ran, so that a reader can run it again. */
export function runProvenance(trace: Trace): Fact[] {
  const {model, width, tokens, steps, steps_written, compute_dtype, storage_dtype, engine, readout, exit_rule, edits, created} = trace;
  const facts: readonly (readonly [string, string | null])[] = [
    ["model", model.name],
    ["model hash", model.hash === null ? "not known" : `sha256 ${model.hash}`],
    ["revision", model.revision],
    ["tap", `state: the core’s output before ln_f, ${counted(width, "number")} a token; step 0 is the initial state`],
    ["tokens", String(tokens.length)],
    ["steps", steps_written === steps ? String(steps) : `${steps_written} of ${steps}`],
    ["initial states", initsText(trace)],
    ["computed in", compute_dtype],
    ["stored in", storage_dtype],
    ["engine", `${engine.name} ${engine.version}, ${engine.device}${engine.threads > 0 ? `, ${counted(engine.threads, "thread")}` : ""}`],
    ["readout", readout ? `${readout.lens} lens, ${counted(readout.top, "likeliest token")} kept` : "none"],
    ["edits", edits.length > 0 ? JSON.stringify(edits) : null],
    ["exit rule", exit_rule],
    ["captured by", `${trace.software.name} ${trace.software.version}`],
    ["captured at", created],
    ["analysed by", `${software.name} ${software.version}`]
  ];
  return facts.flatMap(([name, value]) => (value === null ? [] : [{name, value}]));
}

function initsText({inits}: Trace): string {
  const [{kind, seed, scale}] = inits;
  const drawn = {
    normal: `normal cut at ±3σ, seed ${seed ?? "not known"}, scale ${scale ?? 1}`,
    zero: "zero",
    constant: `constant ${scale ?? 0}`,
    own: "the model’s own, and what is near it",
    near: `the model’s own and noise, seed ${seed ?? "not known"}, scale ${scale ?? 1}`,
    file: "read from a file"
  }[kind];
  return `${inits.length} (${drawn})`;
}
