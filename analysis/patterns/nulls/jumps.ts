import {copied} from "../../kernel/floats.ts";
import {flattened} from "../../kernel/matrices.ts";
import {orderP} from "./dyingSteps.ts";
import {effectiveDimensions, energyOf, productsWith, type Products} from "../path/residual.ts";
import {inner, sampled, takeAway, type TimeBasis} from "../statistics/timeBasis.ts";
import {dimensionsLeft, type Rounding} from "./walkTest.ts";

const BROKEN = 6; // × the noise along any other direction: what a motion leaves along its own is no noise
const SAME_WAY = 1e-9; // of the energy along a shape's second direction, that is off its first

interface JumpsOptions {
  readonly shape: TimeBasis;
  /** What a number format adds; defaults to nothing. */
  readonly rounding?: Rounding;
}

/**
 * P(the increments of a path along the directions of a motion come in as good an order of size | they might have come in any): of a way in jumps, which is a walk whose increments have
 * no Gaussian's tails, the energy along a shape in time says nothing. 0 where what the shape leaves there is noise as along all others, whose walk that energy was held against. `plain`
 * is the window without its nuisance, `left` the same without the shape's one or two functions, too.
 */
export function jumpsP(plain: Products, left: Products, {shape, rounding}: JumpsOptions): number {
  const n = plain.size;
  const courses = coursesAlong(plain, shape);
  const rests = courses.map((course) => {
    const rest = copied(course);
    for (const f of shape) takeAway(rest, f);
    return rest;
  });
  const own = rests.reduce((sum, rest) => sum + inner(rest, rest), 0);
  const others = withoutCourses(left, rests);
  const dimensions = rounding ? dimensionsLeft(others, rounding) : effectiveDimensions(others);
  if (own * dimensions <= BROKEN * courses.length * Math.max(0, energyOf(left) - own)) return 0;
  return orderP(Array.from({length: n - 1}, (_, t) => courses.reduce((sum, course) => sum + (course[t + 1] - course[t]) ** 2, 0)));
}

/** Products without those of what lies along directions of their own. */
function withoutCourses({size, values}: Products, courses: readonly Float64Array[]): Products {
  const [zeros, ones] = [sampled(size, () => 0), sampled(size, () => 1)];
  const without = (left: Float64Array, course: Float64Array): Float64Array =>
    flattened(left, size, {withOrigin: zeros, originSquared: 0, shares: course, across: 1, stretch: ones});
  return {size, values: courses.reduce(without, values)};
}

/** Where a path stands at every step along the directions Σ f_t h_t, which are made orthonormal. */
function coursesAlong(plain: Products, shape: TimeBasis): Float64Array[] {
  const [first, second] = shape.map((f) => productsWith(plain, f));
  const own = inner(shape[0], first);
  if (!(own > 0)) return [];
  const along = first.map((product) => product / Math.sqrt(own));
  if (second === undefined) return [along];
  const shared = inner(shape[1], along);
  const other = inner(shape[1], second) - shared ** 2;
  return other > SAME_WAY * own ? [along, second.map((product, t) => (product - shared * along[t]) / Math.sqrt(other))] : [along];
}
