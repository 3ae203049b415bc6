// AssemblyScript, as products.as is: functions of many numbers, two at once. Plain double arithmetic: every machine gives the same bits.

const PER_LN2: f64 = 1.4426950408889634;
const LN2_HIGH: f64 = 6.93147180369123816490e-1; // ln 2 in two parts, so that k · high is exact for every exponent k
const LN2_LOW: f64 = 1.90821492927058770002e-10;
const TO_WHOLE: f64 = 6755399441055744; // 1.5 · 2⁵²: added to a number it leaves no place for what is below 1
const SQRT_HALF_BITS: i64 = 0x3fe6a09e667f3bcd;

/** values[t] = ln(1 + by · values[t]) for arguments from 0 on. */
export function logarithms(values: usize, n: i32, by: f64): void {
  const factor = f64x2.splat(by);
  const end = values + (<usize>n << 3);
  for (let at = values; at < end; at += 16) v128.store(at, log1p(f64x2.mul(factor, v128.load(at))));
}

/** values[t] = e^(by · values[t]). */
function exponentials(values: usize, n: i32, by: f64): void {
  const factor = f64x2.splat(by);
  const end = values + (<usize>n << 3);
  for (let at = values; at < end; at += 16) v128.store(at, exp(f64x2.mul(factor, v128.load(at))));
}

/**
 * Energy of a course [n] that c + v e^(by · x) leaves, x = exponents[t], or c + v (1 + bend · x)^by where `bend` is above 0; with a function `unit` [n] of length 1 and no mean beside it
 * where that is not 0. The way takes the exponents' place.
 */
export function leftBeside(course: usize, exponents: usize, n: i32, bend: f64, by: f64, unit: usize): f64 {
  // One function of all numbers after the other: each is a long chain, of which many run side by side only where nothing stands between them.
  if (bend > 0) logarithms(exponents, n, bend);
  exponentials(exponents, n, by);
  let wu = f64x2.splat(0);
  let xu = f64x2.splat(0);
  let w = f64x2.splat(0);
  let ww = f64x2.splat(0);
  let wx = f64x2.splat(0);
  let x = f64x2.splat(0);
  let xx = f64x2.splat(0);
  const size = <usize>n << 3;
  for (let t: usize = 0; t < size; t += 16) {
    let way = v128.load(exponents + t);
    let place = v128.load(course + t);
    if (t + 8 == size) {
      way = f64x2.replace_lane(way, 1, 0);
      place = f64x2.replace_lane(place, 1, 0);
    }
    w = f64x2.add(w, way);
    ww = f64x2.add(ww, f64x2.mul(way, way));
    wx = f64x2.add(wx, f64x2.mul(way, place));
    x = f64x2.add(x, place);
    xx = f64x2.add(xx, f64x2.mul(place, place));
    if (unit) {
      const beside = v128.load(unit + t);
      wu = f64x2.add(wu, f64x2.mul(way, beside));
      xu = f64x2.add(xu, f64x2.mul(place, beside));
    }
  }
  const spread = sum(ww) - (sum(w) * sum(w)) / n - sum(wu) * sum(wu);
  const along = sum(wx) - (sum(w) * sum(x)) / n - sum(wu) * sum(xu);
  const all = sum(xx) - (sum(x) * sum(x)) / n - sum(xu) * sum(xu);
  return max(0, all - (spread > 1e-14 * sum(ww) ? (along * along) / spread : 0));
}

// @ts-ignore: decorator
@inline
function sum(lanes: v128): f64 {
  return f64x2.extract_lane(lanes, 0) + f64x2.extract_lane(lanes, 1);
}

// @ts-ignore: decorator
@inline
function scaledSum(sum: v128, by: v128, coefficient: f64): v128 {
  return f64x2.add(f64x2.mul(sum, by), f64x2.splat(coefficient));
}

/** eˣ = 2ᵏ eʳ, |r| ≤ ½ ln 2, by Taylor's series, whose rest is below half a unit in the last place; beyond the range of normal numbers it stays at its end. */
function exp(argument: v128): v128 {
  const x = f64x2.pmax(f64x2.pmin(argument, f64x2.splat(709)), f64x2.splat(-708));
  const shifted = f64x2.add(f64x2.mul(x, f64x2.splat(PER_LN2)), f64x2.splat(TO_WHOLE));
  const k = f64x2.sub(shifted, f64x2.splat(TO_WHOLE));
  const r = f64x2.sub(f64x2.sub(x, f64x2.mul(k, f64x2.splat(LN2_HIGH))), f64x2.mul(k, f64x2.splat(LN2_LOW)));
  let sum = f64x2.splat(1.0 / 479001600);
  sum = scaledSum(sum, r, 1.0 / 39916800);
  sum = scaledSum(sum, r, 1.0 / 3628800);
  sum = scaledSum(sum, r, 1.0 / 362880);
  sum = scaledSum(sum, r, 1.0 / 40320);
  sum = scaledSum(sum, r, 1.0 / 5040);
  sum = scaledSum(sum, r, 1.0 / 720);
  sum = scaledSum(sum, r, 1.0 / 120);
  sum = scaledSum(sum, r, 1.0 / 24);
  sum = scaledSum(sum, r, 1.0 / 6);
  sum = scaledSum(sum, r, 0.5);
  sum = scaledSum(sum, r, 1);
  sum = scaledSum(sum, r, 1);
  return f64x2.mul(sum, i64x2.shl(i64x2.add(shifted, i64x2.splat(1023)), 52)); // its last bits are k
}

/** ln(1 + x) = k ln 2 + ln m, √½ ≤ m < √2, by the series of 2 artanh((m − 1) / (m + 1)), and what 1 + x has lost of x. */
function log1p(x: v128): v128 {
  const one = f64x2.splat(1);
  const u = f64x2.add(one, x);
  const lost = f64x2.div(f64x2.sub(x, f64x2.sub(u, one)), u);
  const half = i64x2.splat(SQRT_HALF_BITS);
  const k = i64x2.shr_u(i64x2.sub(u, half), 52); // from 0 on, as x is
  const m = i64x2.sub(u, i64x2.shl(k, 52));
  const s = f64x2.div(f64x2.sub(m, one), f64x2.add(m, one));
  const z = f64x2.mul(s, s);
  let sum = f64x2.splat(2.0 / 21);
  sum = scaledSum(sum, z, 2.0 / 19);
  sum = scaledSum(sum, z, 2.0 / 17);
  sum = scaledSum(sum, z, 2.0 / 15);
  sum = scaledSum(sum, z, 2.0 / 13);
  sum = scaledSum(sum, z, 2.0 / 11);
  sum = scaledSum(sum, z, 2.0 / 9);
  sum = scaledSum(sum, z, 2.0 / 7);
  sum = scaledSum(sum, z, 2.0 / 5);
  sum = scaledSum(sum, z, 2.0 / 3);
  sum = f64x2.mul(sum, z);
  const exponent = f64x2.convert_low_i32x4_s(i32x4.shuffle(k, k, 0, 2, 0, 2));
  const small = f64x2.add(f64x2.add(f64x2.mul(exponent, f64x2.splat(LN2_LOW)), lost), f64x2.mul(s, sum));
  return f64x2.add(f64x2.mul(exponent, f64x2.splat(LN2_HIGH)), f64x2.add(f64x2.add(s, s), small));
}
