import type {EvalSetting} from "../contract/evalSchemas.ts";

const FULL = "full";
/** What the reference keeps its adaptive runs in: a position that left early shows later steps its last keys. */
const ADAPTIVE = "latest-m4";

/** Every depth alone; then, at the largest, each exit rule and each cache strategy. Nothing twice. */
export function settingsOf({
  steps,
  exits,
  kv
}: {
  readonly steps: readonly number[];
  readonly exits: readonly string[];
  readonly kv: readonly string[];
}): EvalSetting[] {
  const depths = [...new Set(steps)].sort((a, b) => a - b);
  const deepest = depths[depths.length - 1];
  return [
    ...depths.map((depth): EvalSetting => ({steps: depth, exit: null, kv: FULL})),
    ...[...new Set(exits)].map((exit): EvalSetting => ({steps: deepest, exit, kv: ADAPTIVE})),
    ...[...new Set(kv)].filter((name) => name !== FULL).map((name): EvalSetting => ({steps: deepest, exit: null, kv: name}))
  ];
}

export const isDepth = ({exit, kv}: EvalSetting): boolean => exit === null && kv === FULL;
