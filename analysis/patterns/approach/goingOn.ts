import {form, type Gram} from "../path/gram.ts";
import {residualOf} from "../path/residual.ts";
import {constantOf, inner, orthonormal, sampled} from "../statistics/timeBasis.ts";
import {walkTest} from "../nulls/walkTest.ts";
import {whiteNoise} from "../path/whiteNoise.ts";

const WANDERS = 0.01; // largest p of an end that goes one way
const CLEAR_SPEED = 4; // × its noise
const HELD = 0.3; // of the squared speed
const SURPLUS = 3; // × what a decay leaves of it

/** Whether the end of a path goes one way as fast as before, where a decay at `rate`, a step, would have died away; `floor`: rounding floor of one state. */
export const stillGoes = (tail: Gram, {rate, floor}: {readonly rate: number; readonly floor: number}): boolean =>
  directed(tail, floor) && speedHolds(tail, {rate, noise: Math.max(whiteNoise(tail), floor ** 2)});

/**
 * Whether the second half of the end of a path is nearly as fast as the first, clear of its noise, though a decay at `rate` would be far slower: squared lengths of the
 * least-squares velocities, beside which a flip from step to step may stand, freed of noise.
 */
function speedHolds(tail: Gram, {rate, noise}: {rate: number; noise: number}): boolean {
  const half = tail.size >> 1;
  if (half < 4) return false;
  const [first, second] = [0, tail.size - half].map((start) => {
    const within = (f: (t: number) => number) => sampled(tail.size, (t) => (t >= start && t < start + half ? f(t) : 0));
    const time = within((t) => t);
    const [direction] = orthonormal([time], orthonormal([within(() => 1), within((t) => (-1) ** t)]));
    const unit = inner(direction, time) ** 2;
    return {speed: (form(tail, direction) - noise) / unit, blur: noise / unit};
  });
  return (
    second.speed > CLEAR_SPEED * second.blur &&
    second.speed > HELD * first.speed &&
    second.speed > SURPLUS * rate ** (2 * (tail.size - half)) * first.speed
  );
}

/** Whether a path goes one way, more than wandering does: a loop that is kicked wanders about its fixed point and never lies still. */
function directed(path: Gram, floor: number): boolean {
  const constant = constantOf(path.size);
  return (
    walkTest(residualOf(path, constant), orthonormal([sampled(path.size, (t) => t)], constant), {constant, floor: floor ** 2}).p < WANDERS
  );
}
