import {go, useStore} from "../state/store.ts";
import type {View} from "../state/view.ts";

/** The chosen tokens that the run has; where the view says nothing the one that the run opens with, the last one while that is not known. */
export function chosenOf({tokens}: Pick<View, "tokens">, count: number, opening = useStore.getState().opening): readonly number[] {
  if (tokens) return tokens.filter((token) => token < count);
  if (count === 0) return [];
  return [opening !== undefined && opening < count ? opening : count - 1];
}

/** Chooses a token, or with `extend` everything between the last chosen one and it. */
export function choose(token: number, count: number, {extend = false}: {extend?: boolean} = {}): void {
  const before = chosenOf(useStore.getState().view, count);
  go({tokens: extend ? extendTo(before, token) : [token]});
}

/** With `toggle` semantics: adds a token or takes it out. */
export function toggle(token: number, count: number): void {
  const before = chosenOf(useStore.getState().view, count);
  go({tokens: before.includes(token) ? before.filter((other) => other !== token) : [...before, token]});
}

/** Walks along the prompt from the last chosen token. */
export function walk(by: number, count: number, {extend = false}: {extend?: boolean} = {}): void {
  const from = chosenOf(useStore.getState().view, count).at(-1) ?? (by > 0 ? -1 : count);
  choose(Math.min(count - 1, Math.max(0, from + by)), count, {extend});
}

export function extendTo(chosen: readonly number[], token: number): number[] {
  const from = chosen.at(-1);
  if (from === undefined) return [token];
  const step = token < from ? -1 : 1;
  const range: number[] = [];
  for (let i = from; i !== token + step; i += step) range.push(i);
  return [...chosen.filter((other) => !range.includes(other)), ...range];
}

/** Moves the step looked at, within the steps there are; the last one stays "the last" while a run grows. */
export function stepTo(step: number, lastStep: number): void {
  const inside = Math.min(lastStep, Math.max(0, Math.round(step)));
  go({step: inside === lastStep ? undefined : inside}, {replace: true});
}
