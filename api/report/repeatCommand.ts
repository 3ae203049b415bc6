import {generateOptionsOf} from "./generateCommand.ts";
import type {Trace} from "../../capture/trace/schema.ts";

/**
 * The `orrery capture` or `orrery generate` command that makes a run again, quoted for bash and zsh; only what differs from the defaults is said. For a run of
 * another program it is the import.
 */
export function repeatCommand(trace: Trace): string {
  const {model, prompt, steps, inits, sites, engine, compute_dtype, storage_dtype, readout, generated} = trace;
  const tokens = trace.tokens.slice(0, generated?.from);
  const others = sites.map(({name}) => name).filter((name) => name !== "state");
  if (!/^(onnxruntime|tfjs)/.test(engine.name)) return "orrery import FILE --out RUN"; // another program's states: this one cannot make them
  const [{kind, seed, scale}] = inits;
  const options: readonly (readonly [string, string | number | undefined])[] = [
    ["model", model.name],
    prompt === null ? ["tokens", tokens.map(({id}) => id).join(",")] : ["prompt", prompt],
    ["steps", (generated?.asked?.steps as number | undefined) ?? steps],
    ...(generated
      ? generateOptionsOf(trace)
      : kind === "file"
        ? [["init-states", "FILE.safetensors"] as const]
        : [["inits", inits.length] as const]),
    ["init", kind === "zero" || kind === "constant" ? kind : undefined],
    ["init-scale", scale === null || scale === 1 ? undefined : scale],
    ["seed", seed ?? undefined],
    ["sites", !generated && others.length > 0 ? ["state", ...others].join(",") : undefined],
    ["engine", engine.name.startsWith("tfjs") ? "tfjs" : undefined],
    ["dtype", compute_dtype === "f32" ? undefined : compute_dtype],
    ["storage-dtype", storage_dtype === "f32" ? undefined : storage_dtype],
    ["lens", !generated && readout && readout.lens !== "coda" ? readout.lens : undefined],
    ["top", readout && readout.top !== 5 ? readout.top : undefined]
  ];
  const given = options
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => (value === "" ? `--${name}` : `--${name} ${quoted(String(value))}`));
  if (generated) return `orrery generate ${given.join(" ")} --keep RUN`;
  return `orrery capture ${given.join(" ")}${readout ? "" : " --no-readout"}`;
}

/** A word as bash and zsh read it back: bare, in single quotes, or in $'…' where there are control characters. */
export function quoted(text: string): string {
  if (/^[\w./,:=+-]+$/.test(text)) return text;
  if (!/[\p{Cc}]/u.test(text)) return `'${text.replaceAll("'", "'\\''")}'`;
  const escaped = text
    .replace(/[\\']/g, "\\$&")
    .replace(/\p{Cc}/gu, (c) => named[c] ?? `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return `$'${escaped}'`;
}

const named: Readonly<Record<string, string>> = {"\n": "\\n", "\t": "\\t", "\r": "\\r"};
