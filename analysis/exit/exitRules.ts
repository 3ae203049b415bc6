import {Refusal} from "../../capture/trace/refusal.ts";
import {watchExit, type ExitRule, type ExitWatch} from "./exitRule.ts";
import {GATE} from "./gateRule.ts";
import {ARGMAX_STABILITY, ENTROPY_DIFFERENCE, KL_TO_PREVIOUS, MIN_P_KL} from "./readoutRules.ts";
import {COSINE_DISTANCE, LATENT_ACCELERATION, LATENT_DIFFERENCE, TWO_SCALE_ACCELERATION} from "./stateRules.ts";

/** Every rule that can end the recurrence of a token. */
export const EXIT_RULES: readonly ExitRule[] = [
  LATENT_DIFFERENCE,
  COSINE_DISTANCE,
  KL_TO_PREVIOUS,
  MIN_P_KL,
  ENTROPY_DIFFERENCE,
  ARGMAX_STABILITY,
  LATENT_ACCELERATION,
  TWO_SCALE_ACCELERATION,
  GATE
];

/** A rule and its threshold as one writes them, `kl` or `kl:5e-4`. Throws a Refusal that lists the known rules, or names a threshold that is no number. */
export function parseExitRule(text: string): {readonly rule: ExitRule; readonly threshold: number} {
  const [name, given, ...rest] = text.split(":");
  const rule = EXIT_RULES.find((known) => known.name === name);
  if (!rule) throw new Refusal(`unknown exit rule: ${name}; one of ${EXIT_RULES.map((known) => known.name).join(", ")}`);
  if (given === undefined) return {rule, threshold: rule.threshold};
  const threshold = Number(given);
  if (rest.length > 0 || given.trim() === "" || !Number.isFinite(threshold) || threshold < 0)
    throw new Refusal(
      `invalid threshold of ${name}: ${text.slice(name.length + 1)}; expected a number from 0, as in ${name}:${rule.threshold}`
    );
  return {rule, threshold};
}

/** A rule with its threshold, as a loop asks it. */
export const exitPolicy = ({rule, threshold}: {readonly rule: ExitRule; readonly threshold: number}) => ({
  reads: rule.reads,
  runsOn: rule.runsOn,
  start: (): ExitWatch => watchExit(rule, threshold)
});
