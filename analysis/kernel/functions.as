// AssemblyScript, as products.as is: functions of many numbers, two at once. Plain double arithmetic: every machine gives the same bits.

const PER_LN2: f64 = 1.4426950408889634;
const LN2_HIGH: f64 = 6.93147180369123816490e-1; // ln 2 in two parts, so that k · high is exact for every exponent k
const LN2_LOW: f64 = 1.90821492927058770002e-10;
const TO_WHOLE: f64 = 6755399441055744; // 1.5 · 2⁵²: added to a number it leaves no place for what is below 1
const SQRT_HALF_BITS: i64 = 0x3fe6a09e667f3bcd;

// Logarithms and powers are each a long chain of steps, every one of which waits for that before it: four numbers go side by side. Past the last one there is room for three.

/** values[t] = ln(1 + by · values[t]) for arguments from 0 on: k ln 2 + ln m, √½ ≤ m < √2, by the series of 2 artanh((m − 1) / (m + 1)), and what 1 + x has lost of x. */
export function logarithms(values: usize, n: i32, by: f64): void {
  const factor = f64x2.splat(by);
  const one = f64x2.splat(1);
  const half = i64x2.splat(SQRT_HALF_BITS);
  const end = values + (<usize>n << 3);
  for (let at = values; at < end; at += 32) {
    const xA = f64x2.mul(factor, v128.load(at));
    const xB = f64x2.mul(factor, v128.load(at, 16));
    const uA = f64x2.add(one, xA);
    const uB = f64x2.add(one, xB);
    const kA = i64x2.shr_u(i64x2.sub(uA, half), 52); // from 0 on, as x is
    const kB = i64x2.shr_u(i64x2.sub(uB, half), 52);
    const mA = i64x2.sub(uA, i64x2.shl(kA, 52));
    const mB = i64x2.sub(uB, i64x2.shl(kB, 52));
    const sA = f64x2.div(f64x2.sub(mA, one), f64x2.add(mA, one));
    const sB = f64x2.div(f64x2.sub(mB, one), f64x2.add(mB, one));
    const zA = f64x2.mul(sA, sA);
    const zB = f64x2.mul(sB, sB);
    let sumA = f64x2.splat(2.0 / 21);
    let sumB = sumA;
    sumA = scaledSum(sumA, zA, 2.0 / 19);
    sumB = scaledSum(sumB, zB, 2.0 / 19);
    sumA = scaledSum(sumA, zA, 2.0 / 17);
    sumB = scaledSum(sumB, zB, 2.0 / 17);
    sumA = scaledSum(sumA, zA, 2.0 / 15);
    sumB = scaledSum(sumB, zB, 2.0 / 15);
    sumA = scaledSum(sumA, zA, 2.0 / 13);
    sumB = scaledSum(sumB, zB, 2.0 / 13);
    sumA = scaledSum(sumA, zA, 2.0 / 11);
    sumB = scaledSum(sumB, zB, 2.0 / 11);
    sumA = scaledSum(sumA, zA, 2.0 / 9);
    sumB = scaledSum(sumB, zB, 2.0 / 9);
    sumA = scaledSum(sumA, zA, 2.0 / 7);
    sumB = scaledSum(sumB, zB, 2.0 / 7);
    sumA = scaledSum(sumA, zA, 2.0 / 5);
    sumB = scaledSum(sumB, zB, 2.0 / 5);
    sumA = scaledSum(sumA, zA, 2.0 / 3);
    sumB = scaledSum(sumB, zB, 2.0 / 3);
    v128.store(at, logarithm(xA, uA, kA, sA, f64x2.mul(sumA, zA)));
    v128.store(at, logarithm(xB, uB, kB, sB, f64x2.mul(sumB, zB)), 16);
  }
}
// @ts-ignore: decorator
@inline
function logarithm(x: v128, u: v128, k: v128, s: v128, sum: v128): v128 {
  const lost = f64x2.div(f64x2.sub(x, f64x2.sub(u, f64x2.splat(1))), u);
  const exponent = f64x2.convert_low_i32x4_s(i32x4.shuffle(k, k, 0, 2, 0, 2));
  const small = f64x2.add(f64x2.add(f64x2.mul(exponent, f64x2.splat(LN2_LOW)), lost), f64x2.mul(s, sum));
  return f64x2.add(f64x2.mul(exponent, f64x2.splat(LN2_HIGH)), f64x2.add(f64x2.add(s, s), small));
}

/** values[t] = eˣ = 2ᵏ eʳ of x = by · values[t], |r| ≤ ½ ln 2, by Taylor's series, whose rest is below half a unit in the last place; beyond the range of normal numbers it stays at its end. */
function exponentials(values: usize, n: i32, by: f64): void {
  const factor = f64x2.splat(by);
  const end = values + (<usize>n << 3);
  for (let at = values; at < end; at += 32) {
    const xA = inRange(f64x2.mul(factor, v128.load(at)));
    const xB = inRange(f64x2.mul(factor, v128.load(at, 16)));
    const shiftedA = f64x2.add(f64x2.mul(xA, f64x2.splat(PER_LN2)), f64x2.splat(TO_WHOLE));
    const shiftedB = f64x2.add(f64x2.mul(xB, f64x2.splat(PER_LN2)), f64x2.splat(TO_WHOLE));
    const rA = withoutWhole(xA, f64x2.sub(shiftedA, f64x2.splat(TO_WHOLE)));
    const rB = withoutWhole(xB, f64x2.sub(shiftedB, f64x2.splat(TO_WHOLE)));
    let sumA = f64x2.splat(1.0 / 479001600);
    let sumB = sumA;
    sumA = scaledSum(sumA, rA, 1.0 / 39916800);
    sumB = scaledSum(sumB, rB, 1.0 / 39916800);
    sumA = scaledSum(sumA, rA, 1.0 / 3628800);
    sumB = scaledSum(sumB, rB, 1.0 / 3628800);
    sumA = scaledSum(sumA, rA, 1.0 / 362880);
    sumB = scaledSum(sumB, rB, 1.0 / 362880);
    sumA = scaledSum(sumA, rA, 1.0 / 40320);
    sumB = scaledSum(sumB, rB, 1.0 / 40320);
    sumA = scaledSum(sumA, rA, 1.0 / 5040);
    sumB = scaledSum(sumB, rB, 1.0 / 5040);
    sumA = scaledSum(sumA, rA, 1.0 / 720);
    sumB = scaledSum(sumB, rB, 1.0 / 720);
    sumA = scaledSum(sumA, rA, 1.0 / 120);
    sumB = scaledSum(sumB, rB, 1.0 / 120);
    sumA = scaledSum(sumA, rA, 1.0 / 24);
    sumB = scaledSum(sumB, rB, 1.0 / 24);
    sumA = scaledSum(sumA, rA, 1.0 / 6);
    sumB = scaledSum(sumB, rB, 1.0 / 6);
    sumA = scaledSum(sumA, rA, 0.5);
    sumB = scaledSum(sumB, rB, 0.5);
    sumA = scaledSum(sumA, rA, 1);
    sumB = scaledSum(sumB, rB, 1);
    sumA = scaledSum(sumA, rA, 1);
    sumB = scaledSum(sumB, rB, 1);
    v128.store(at, f64x2.mul(sumA, twoToThe(shiftedA)));
    v128.store(at, f64x2.mul(sumB, twoToThe(shiftedB)), 16);
  }
}

// @ts-ignore: decorator
@inline
function inRange(x: v128): v128 {
  return f64x2.pmax(f64x2.pmin(x, f64x2.splat(709)), f64x2.splat(-708));
}

/** x − k ln 2. */
// @ts-ignore: decorator
@inline
function withoutWhole(x: v128, k: v128): v128 {
  return f64x2.sub(f64x2.sub(x, f64x2.mul(k, f64x2.splat(LN2_HIGH))), f64x2.mul(k, f64x2.splat(LN2_LOW)));
}

/** Of a whole number in the last bits. */
// @ts-ignore: decorator
@inline
function twoToThe(shifted: v128): v128 {
  return i64x2.shl(i64x2.add(shifted, i64x2.splat(1023)), 52);
}

/**
 * Energy of a course [n] that c + v e^(by · x) leaves, x = exponents[t], or c + v (1 + bend · x)^by where `bend` is above 0; with a function `unit` [n] of length 1 and no mean beside it
 * where that is not 0. The way takes the exponents' place, past which there is room for three numbers.
 */
export function leftBeside(course: usize, exponents: usize, n: i32, bend: f64, by: f64, unit: usize): f64 {
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

/** Rows cos ωt and sin ωt [n] of every angle ω, whose cosine and sine are `steps`: two places at once, each from that two before. */
export function turns(steps: usize, count: i32, n: i32, out: usize): void {
  const row = <usize>n << 3;
  for (let i = 0; i < count; ++i, steps += 16, out += 2 * row) {
    const cosine = load<f64>(steps);
    const sine = load<f64>(steps, 8);
    const twiceCosine = f64x2.splat(cosine * cosine - sine * sine);
    const twiceSine = f64x2.splat(2 * cosine * sine);
    let x = f64x2.replace_lane(f64x2.splat(1), 1, cosine);
    let y = f64x2.replace_lane(f64x2.splat(0), 1, sine);
    let t: usize = 0;
    for (; t + 8 < row; t += 16) {
      v128.store(out + t, x);
      v128.store(out + row + t, y);
      const next = f64x2.sub(f64x2.mul(x, twiceCosine), f64x2.mul(y, twiceSine));
      y = f64x2.add(f64x2.mul(x, twiceSine), f64x2.mul(y, twiceCosine));
      x = next;
    }
    if (t < row) {
      store<f64>(out + t, f64x2.extract_lane(x, 0));
      store<f64>(out + row + t, f64x2.extract_lane(y, 0));
    }
  }
}

/**
 * even[k] = Σ sums[ℓ] cos ωₖℓ over even ℓ and odd[k] over odd ones, of angles by their cosines, by recurrence in steps of two. Four angles at once, so that no recurrence waits for another;
 * past `count` and past the last of the n sums there is room for three numbers.
 */
export function cosineSums(sums: usize, n: i32, cosines: usize, count: i32, even: usize, odd: usize): void {
  const end = sums + (<usize>n << 3);
  store<f64>(end, 0);
  const two = f64x2.splat(2);
  for (let k: usize = 0; k < <usize>count << 3; k += 32) {
    const a = v128.load(cosines + k);
    const b = v128.load(cosines + k, 16);
    const twiceA = f64x2.sub(f64x2.mul(f64x2.mul(two, two), f64x2.mul(a, a)), two);
    const twiceB = f64x2.sub(f64x2.mul(f64x2.mul(two, two), f64x2.mul(b, b)), two);
    let evenA = f64x2.splat(1);
    let evenB = evenA;
    let oddA = a;
    let oddB = b;
    let beforeEvenA = f64x2.div(twiceA, two); // cos −2ω
    let beforeEvenB = f64x2.div(twiceB, two);
    let beforeOddA = a;
    let beforeOddB = b;
    let totalEvenA = f64x2.splat(0);
    let totalEvenB = totalEvenA;
    let totalOddA = totalEvenA;
    let totalOddB = totalEvenA;
    for (let at = sums; at < end; at += 16) {
      const atEven = v128.load64_splat(at);
      const atOdd = v128.load64_splat(at, 8);
      totalEvenA = f64x2.add(totalEvenA, f64x2.mul(atEven, evenA));
      totalEvenB = f64x2.add(totalEvenB, f64x2.mul(atEven, evenB));
      totalOddA = f64x2.add(totalOddA, f64x2.mul(atOdd, oddA));
      totalOddB = f64x2.add(totalOddB, f64x2.mul(atOdd, oddB));
      let next = f64x2.sub(f64x2.mul(twiceA, evenA), beforeEvenA);
      beforeEvenA = evenA;
      evenA = next;
      next = f64x2.sub(f64x2.mul(twiceB, evenB), beforeEvenB);
      beforeEvenB = evenB;
      evenB = next;
      next = f64x2.sub(f64x2.mul(twiceA, oddA), beforeOddA);
      beforeOddA = oddA;
      oddA = next;
      next = f64x2.sub(f64x2.mul(twiceB, oddB), beforeOddB);
      beforeOddB = oddB;
      oddB = next;
    }
    v128.store(even + k, totalEvenA);
    v128.store(even + k, totalEvenB, 16);
    v128.store(odd + k, totalOddA);
    v128.store(odd + k, totalOddB, 16);
  }
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

const SAME: f64 = 1e-9; // of the two functions' squared lengths: what the second adds to the first is then nothing
const GONE: f64 = 1e-12; // squared length of a function that the nuisance has taken up

// What a mode λ = rate · e^{iω} takes up of a window (modeEnergy.ts); the terms of every sum are added in order. `basis` is the nuisance, `functions` rows of n numbers, one at least, and from `room` on
// there is room for 2n + 6.

/** With the rate held, at an angle between 0 and π: `sums` are Σ_{i+j=m} rateᵐ G_ij [count], then Σ_{|i−j|=ℓ} rate^{i+j} G_ij [others]. */
export function energyAtAngle(
  sums: usize,
  count: i32,
  others: i32,
  cosine: f64,
  sine: f64,
  rate: f64,
  basis: usize,
  functions: i32,
  n: i32,
  room: usize
): f64 {
  turned(sums, count, others, cosine, sine, rate * cosine, rate * sine, basis, functions, n, room);
  return energyFrom(load<f64>(room, 40), load<f64>(room, 24), load<f64>(room, 32), room);
}

/** With the angle held: `sums` are Σ_{i+j=m} of cos ω(i − j) G_ij, of cos ωm G_ij and of sin ωm G_ij, [3][count]; `cosine` and `sine` are those of ω. */
export function energyAtRate(
  sums: usize,
  count: i32,
  rate: f64,
  cosine: f64,
  sine: f64,
  basis: usize,
  functions: i32,
  n: i32,
  room: usize
): f64 {
  turned(sums, 0, 0, cosine, sine, rate * cosine, rate * sine, basis, functions, n, room);
  const row = <usize>count << 3;
  return energyFrom(power(sums, count, rate), power(sums + row, count, rate), power(sums + 2 * row, count, rate), room);
}

/** Along stepᵗ, the one function of a mode that does not turn: `sums` are Σ_{i+j=m} (step / x)ᵐ G_ij [count]. */
export function energyAlongPowers(sums: usize, count: i32, x: f64, step: f64, basis: usize, functions: i32, n: i32, room: usize): f64 {
  const row = <usize>n << 3;
  let length: f64 = 0;
  let at: f64 = 1;
  for (let t: usize = 0; t < row; t += 8, at *= step) {
    store<f64>(room + t, at);
    length += at * at;
  }
  for (let k = 0; k < functions; ++k, basis += row) {
    let along: f64 = 0;
    for (let t: usize = 0; t < row; t += 8) along += load<f64>(basis + t) * load<f64>(room + t);
    length -= along * along;
  }
  return length > GONE ? power(sums, count, x) / length : 0;
}

/** Σ vₘ xᵐ, even and odd powers apart: neither chain of additions waits for the other. */
function power(values: usize, count: i32, x: f64): f64 {
  const squared = x * x;
  let even: f64 = 0;
  let odd: f64 = 0;
  let m = count - 1;
  if (m % 2 == 0) {
    even = load<f64>(values + (<usize>m << 3));
    --m;
  }
  for (let at = values + (<usize>m << 3); at > values; at -= 16) {
    odd = odd * squared + load<f64>(at);
    even = even * squared + load<f64>(at - 8);
  }
  return even + x * odd;
}

/**
 * The first six numbers of `room`: squared length of the real part of (a + ib)ᵗ without the nuisance, its product with the imaginary part, and the squared length of that; then Σ vₘ cos ωm and
 * Σ vₘ sin ωm of the first `count` sums, and Σ uₘ cos ωm of the `others`, no more, that follow them. No sum keeps another waiting: they all wait for the next angle.
 */
function turned(
  sums: usize,
  count: i32,
  others: i32,
  cosine: f64,
  sine: f64,
  a: f64,
  b: f64,
  basis: usize,
  functions: i32,
  n: i32,
  room: usize
): void {
  const row = <usize>n << 3;
  const values = <usize>count << 3;
  const beside = <usize>others << 3;
  const end = max(row, values);
  const x = room + 48;
  const y = x + row;
  let atX: f64 = 1;
  let atY: f64 = 0;
  let xx: f64 = 0;
  let xy: f64 = 0;
  let yy: f64 = 0;
  let alongX: f64 = 0;
  let alongY: f64 = 0;
  let cos: f64 = 1;
  let sin: f64 = 0;
  let real: f64 = 0;
  let imaginary: f64 = 0;
  let both: f64 = 0;
  for (let t: usize = 0; t < end; t += 8) {
    if (t < row) {
      store<f64>(x + t, atX);
      store<f64>(y + t, atY);
      xx += atX * atX;
      xy += atX * atY;
      yy += atY * atY;
      alongX += load<f64>(basis + t) * atX;
      alongY += load<f64>(basis + t) * atY;
      const next = atX * a - atY * b;
      atY = atX * b + atY * a;
      atX = next;
    }
    if (t < values) {
      real += load<f64>(sums + t) * cos;
      imaginary += load<f64>(sums + t) * sin;
      if (t < beside) both += load<f64>(sums + values + t) * cos;
      const next = cos * cosine - sin * sine;
      sin = cos * sine + sin * cosine;
      cos = next;
    }
  }
  xx -= alongX * alongX;
  xy -= alongX * alongY;
  yy -= alongY * alongY;
  for (let k = 1; k < functions; ++k) {
    basis += row;
    alongX = 0;
    alongY = 0;
    for (let t: usize = 0; t < row; t += 8) {
      alongX += load<f64>(basis + t) * load<f64>(x + t);
      alongY += load<f64>(basis + t) * load<f64>(y + t);
    }
    xx -= alongX * alongX;
    xy -= alongX * alongY;
    yy -= alongY * alongY;
  }
  store<f64>(room, xx);
  store<f64>(room, xy, 8);
  store<f64>(room, yy, 16);
  store<f64>(room, real, 24);
  store<f64>(room, imaginary, 32);
  store<f64>(room, both, 40);
}

/** From |Fλᵗ|² = rr + ii and (Fλᵗ)² = rr − ii + 2i ri, and the squared lengths in `room`. */
function energyFrom(both: f64, difference: f64, twice: f64, room: usize): f64 {
  const a = load<f64>(room);
  const b = load<f64>(room, 8);
  const c = load<f64>(room, 16);
  const rr = (both + difference) / 2;
  const ri = twice / 2;
  const ii = (both - difference) / 2;
  const determinant = a * c - b * b;
  if (determinant > SAME * a * c) return (c * rr - 2 * b * ri + a * ii) / determinant;
  if (a > c) return a > GONE ? rr / a : 0;
  return c > GONE ? ii / c : 0;
}
