// AssemblyScript, not TypeScript: `npm run kernel` makes kernelBytes.ts of it. Addresses are in bytes, numbers float64, rows one after another.
// No fused multiply-add and no relaxed operation: every machine gives the same bits.

/** out[i][j] += aᵢ · bⱼ for rows a [m][cols] and b [n][cols]; out has `stride` numbers a row. With `half`, a and b are the same rows and only j ≤ i need be right. */
export function products(a: usize, m: i32, b: usize, n: i32, cols: i32, out: usize, stride: i32, half: bool): void {
  const row: usize = (<usize>cols) << 3;
  for (let i = 0; i < m; i += 4) {
    const last = half ? min(n, i + 4) : n;
    for (let j = 0; j < last; j += 2) {
      const a0 = a + <usize>i * row;
      const a1 = a + <usize>min(i + 1, m - 1) * row;
      const a2 = a + <usize>min(i + 2, m - 1) * row;
      const a3 = a + <usize>min(i + 3, m - 1) * row;
      const b0 = b + <usize>j * row;
      const b1 = b + <usize>min(j + 1, n - 1) * row;
      let s00 = f64x2.splat(0);
      let s01 = f64x2.splat(0);
      let s10 = f64x2.splat(0);
      let s11 = f64x2.splat(0);
      let s20 = f64x2.splat(0);
      let s21 = f64x2.splat(0);
      let s30 = f64x2.splat(0);
      let s31 = f64x2.splat(0);
      const end = row & ~15;
      let k: usize = 0;
      for (; k < end; k += 16) {
        const x = v128.load(b0 + k);
        const y = v128.load(b1 + k);
        let w = v128.load(a0 + k);
        s00 = f64x2.add(s00, f64x2.mul(w, x));
        s01 = f64x2.add(s01, f64x2.mul(w, y));
        w = v128.load(a1 + k);
        s10 = f64x2.add(s10, f64x2.mul(w, x));
        s11 = f64x2.add(s11, f64x2.mul(w, y));
        w = v128.load(a2 + k);
        s20 = f64x2.add(s20, f64x2.mul(w, x));
        s21 = f64x2.add(s21, f64x2.mul(w, y));
        w = v128.load(a3 + k);
        s30 = f64x2.add(s30, f64x2.mul(w, x));
        s31 = f64x2.add(s31, f64x2.mul(w, y));
      }
      if (k < row) {
        const x = v128.load64_zero(b0 + k);
        const y = v128.load64_zero(b1 + k);
        let w = v128.load64_zero(a0 + k);
        s00 = f64x2.add(s00, f64x2.mul(w, x));
        s01 = f64x2.add(s01, f64x2.mul(w, y));
        w = v128.load64_zero(a1 + k);
        s10 = f64x2.add(s10, f64x2.mul(w, x));
        s11 = f64x2.add(s11, f64x2.mul(w, y));
        w = v128.load64_zero(a2 + k);
        s20 = f64x2.add(s20, f64x2.mul(w, x));
        s21 = f64x2.add(s21, f64x2.mul(w, y));
        w = v128.load64_zero(a3 + k);
        s30 = f64x2.add(s30, f64x2.mul(w, x));
        s31 = f64x2.add(s31, f64x2.mul(w, y));
      }
      const at = out + (<usize>(i * stride + j) << 3);
      const down = <usize>stride << 3;
      const both = j + 1 < n;
      add(at, s00, s01, both);
      if (i + 1 < m) add(at + down, s10, s11, both);
      if (i + 2 < m) add(at + 2 * down, s20, s21, both);
      if (i + 3 < m) add(at + 3 * down, s30, s31, both);
    }
  }
}

// @ts-ignore: decorator
@inline
function add(at: usize, first: v128, second: v128, both: bool): void {
  store<f64>(at, load<f64>(at) + f64x2.extract_lane(first, 0) + f64x2.extract_lane(first, 1));
  if (both) store<f64>(at, load<f64>(at, 8) + f64x2.extract_lane(second, 0) + f64x2.extract_lane(second, 1), 8);
}

/** Differences of float32 rows [rows][cols] to one row `last`, as float64; `toward[i]` += differenceᵢ · last, its terms in order. */
export function differences(states: usize, rows: i32, cols: i32, last: usize, out: usize, toward: usize): void {
  // Four rows at once, or the last one again: the sum of one does not wait for that of another.
  for (let i = 0; i < rows; i += 4) {
    const first = <usize>(i * cols);
    const second = <usize>(min(i + 1, rows - 1) * cols);
    const third = <usize>(min(i + 2, rows - 1) * cols);
    const fourth = <usize>(min(i + 3, rows - 1) * cols);
    let early = f64x2.splat(0);
    let late = f64x2.splat(0);
    let k: usize = 0;
    for (; k + 1 < <usize>cols; k += 2) {
      const end = widened(last + (k << 2));
      const a = difference(states, first + k, end, out);
      const b = difference(states, second + k, end, out);
      const c = difference(states, third + k, end, out);
      const d = difference(states, fourth + k, end, out);
      const own = f64x2.shuffle(end, end, 0, 0);
      const next = f64x2.shuffle(end, end, 1, 1);
      early = f64x2.add(early, f64x2.mul(own, f64x2.shuffle(a, b, 0, 2)));
      late = f64x2.add(late, f64x2.mul(own, f64x2.shuffle(c, d, 0, 2)));
      early = f64x2.add(early, f64x2.mul(next, f64x2.shuffle(a, b, 1, 3)));
      late = f64x2.add(late, f64x2.mul(next, f64x2.shuffle(c, d, 1, 3)));
    }
    if (k < <usize>cols) {
      const end = <f64>load<f32>(last + (k << 2));
      const a = lastDifference(states, first + k, end, out);
      const b = lastDifference(states, second + k, end, out);
      const c = lastDifference(states, third + k, end, out);
      const d = lastDifference(states, fourth + k, end, out);
      early = f64x2.add(early, f64x2.mul(f64x2.splat(end), f64x2.replace_lane(f64x2.splat(a), 1, b)));
      late = f64x2.add(late, f64x2.mul(f64x2.splat(end), f64x2.replace_lane(f64x2.splat(c), 1, d)));
    }
    const at = toward + (<usize>i << 3);
    store<f64>(at, load<f64>(at) + f64x2.extract_lane(early, 0));
    if (i + 1 < rows) store<f64>(at, load<f64>(at, 8) + f64x2.extract_lane(early, 1), 8);
    if (i + 2 < rows) store<f64>(at, load<f64>(at, 16) + f64x2.extract_lane(late, 0), 16);
    if (i + 3 < rows) store<f64>(at, load<f64>(at, 24) + f64x2.extract_lane(late, 1), 24);
  }
}

// @ts-ignore: decorator
@inline
function difference(states: usize, at: usize, end: v128, out: usize): v128 {
  const own = f64x2.sub(widened(states + (at << 2)), end);
  v128.store(out + (at << 3), own);
  return own;
}

// @ts-ignore: decorator
@inline
function lastDifference(states: usize, at: usize, end: f64, out: usize): f64 {
  const own = <f64>load<f32>(states + (at << 2)) - end;
  store<f64>(out + (at << 3), own);
  return own;
}

/** sums[k] += Σ (x_t − x_{t−1})² of float32 rows [rows][cols] from the second on, in order. */
export function squaredSteps(states: usize, rows: i32, cols: i32, sums: usize): void {
  const row = <usize>cols << 2;
  let t = 1;
  // Four steps at once: a sum is fetched and stored once for them.
  for (; t + 3 < rows; t += 4) {
    const before = states + <usize>(t - 1) * row;
    let k: usize = 0;
    for (; k + 4 < row; k += 8) {
      const at = before + k;
      const one = widened(at + row);
      const two = widened(at + 2 * row);
      const three = widened(at + 3 * row);
      let sum = plusSquare(v128.load(sums + 2 * k), f64x2.sub(one, widened(at)));
      sum = plusSquare(sum, f64x2.sub(two, one));
      sum = plusSquare(sum, f64x2.sub(three, two));
      v128.store(sums + 2 * k, plusSquare(sum, f64x2.sub(widened(at + 4 * row), three)));
    }
    for (let s: usize = 0; k < row && s < 4; ++s) oneStep(before + s * row + k, row, sums + 2 * k);
  }
  for (; t < rows; ++t) for (let k: usize = 0; k < row; k += 4) oneStep(states + <usize>(t - 1) * row + k, row, sums + 2 * k);
}

// @ts-ignore: decorator
@inline
function plusSquare(sum: v128, x: v128): v128 {
  return f64x2.add(sum, f64x2.mul(x, x));
}

// @ts-ignore: decorator
@inline
function oneStep(at: usize, row: usize, sum: usize): void {
  const step = <f64>load<f32>(at + row) - <f64>load<f32>(at);
  store<f64>(sum, load<f64>(sum) + step * step);
}

// @ts-ignore: decorator
@inline
function widened(at: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(at));
}

/** Of float32 states of n numbers, n even, out = ‖now‖², ‖now − before‖², (now − before)·(before − earlier), ‖now − last‖². */
export function pathSums(now: usize, before: usize, earlier: usize, last: usize, n: i32, out: usize): void {
  let squares = f64x2.splat(0);
  let steps = f64x2.splat(0);
  let turns = f64x2.splat(0);
  let apart = f64x2.splat(0);
  for (let k: usize = 0, end = <usize>n << 2; k < end; k += 8) {
    const own = widened(now + k);
    const previous = widened(before + k);
    const move = f64x2.sub(own, previous);
    const rest = f64x2.sub(own, widened(last + k));
    squares = f64x2.add(squares, f64x2.mul(own, own));
    steps = f64x2.add(steps, f64x2.mul(move, move));
    turns = f64x2.add(turns, f64x2.mul(move, f64x2.sub(previous, widened(earlier + k))));
    apart = f64x2.add(apart, f64x2.mul(rest, rest));
  }
  store<f64>(out, bothLanes(squares));
  store<f64>(out, bothLanes(steps), 8);
  store<f64>(out, bothLanes(turns), 16);
  store<f64>(out, bothLanes(apart), 24);
}

/** out = G f for a symmetric G [n][n]: `products` with one row, four rows of G at a time. */
function timesVector(g: usize, n: i32, f: usize, out: usize): void {
  const row = <usize>n << 3;
  const end = row & ~15;
  for (let i = 0; i < n; i += 4) {
    const a0 = g + <usize>i * row;
    const a1 = g + <usize>min(i + 1, n - 1) * row;
    const a2 = g + <usize>min(i + 2, n - 1) * row;
    const a3 = g + <usize>min(i + 3, n - 1) * row;
    let s0 = f64x2.splat(0);
    let s1 = f64x2.splat(0);
    let s2 = f64x2.splat(0);
    let s3 = f64x2.splat(0);
    let k: usize = 0;
    for (; k < end; k += 16) {
      const x = v128.load(f + k);
      s0 = f64x2.add(s0, f64x2.mul(v128.load(a0 + k), x));
      s1 = f64x2.add(s1, f64x2.mul(v128.load(a1 + k), x));
      s2 = f64x2.add(s2, f64x2.mul(v128.load(a2 + k), x));
      s3 = f64x2.add(s3, f64x2.mul(v128.load(a3 + k), x));
    }
    if (k < row) {
      const x = v128.load64_zero(f + k);
      s0 = f64x2.add(s0, f64x2.mul(v128.load64_zero(a0 + k), x));
      s1 = f64x2.add(s1, f64x2.mul(v128.load64_zero(a1 + k), x));
      s2 = f64x2.add(s2, f64x2.mul(v128.load64_zero(a2 + k), x));
      s3 = f64x2.add(s3, f64x2.mul(v128.load64_zero(a3 + k), x));
    }
    const at = out + (<usize>i << 3);
    store<f64>(at, bothLanes(s0));
    if (i + 1 < n) store<f64>(at, bothLanes(s1), 8);
    if (i + 2 < n) store<f64>(at, bothLanes(s2), 16);
    if (i + 3 < n) store<f64>(at, bothLanes(s3), 24);
  }
}

/** out = Σ f_j rowⱼ = G f for a symmetric G [n][n], the terms of each sum added in the order of j. */
export function inOrder(g: usize, n: i32, f: usize, out: usize): void {
  const row = <usize>n << 3;
  if (n < 16) {
    for (let i: usize = 0; i < row; i += 8) {
      let sum: f64 = 0;
      for (let j: usize = 0; j < <usize>n; ++j) sum += load<f64>(g + j * row + i) * load<f64>(f + (j << 3));
      store<f64>(out + i, sum);
    }
    return;
  }
  // Sixteen sums side by side: none waits for another. The last sixteen may be in part those before.
  for (let from: usize = 0; from < row; from += 128) {
    const i = min(from, row - 128);
    let s0 = f64x2.splat(0);
    let s1 = f64x2.splat(0);
    let s2 = f64x2.splat(0);
    let s3 = f64x2.splat(0);
    let s4 = f64x2.splat(0);
    let s5 = f64x2.splat(0);
    let s6 = f64x2.splat(0);
    let s7 = f64x2.splat(0);
    for (let j: usize = 0; j < <usize>n; ++j) {
      const at = g + j * row + i;
      const x = v128.load64_splat(f + (j << 3));
      s0 = f64x2.add(s0, f64x2.mul(v128.load(at), x));
      s1 = f64x2.add(s1, f64x2.mul(v128.load(at, 16), x));
      s2 = f64x2.add(s2, f64x2.mul(v128.load(at, 32), x));
      s3 = f64x2.add(s3, f64x2.mul(v128.load(at, 48), x));
      s4 = f64x2.add(s4, f64x2.mul(v128.load(at, 64), x));
      s5 = f64x2.add(s5, f64x2.mul(v128.load(at, 80), x));
      s6 = f64x2.add(s6, f64x2.mul(v128.load(at, 96), x));
      s7 = f64x2.add(s7, f64x2.mul(v128.load(at, 112), x));
    }
    v128.store(out + i, s0);
    v128.store(out + i, s1, 16);
    v128.store(out + i, s2, 32);
    v128.store(out + i, s3, 48);
    v128.store(out + i, s4, 64);
    v128.store(out + i, s5, 80);
    v128.store(out + i, s6, 96);
    v128.store(out + i, s7, 112);
  }
}

/** The part of a matrix [n][n] from the row and column `from` on, row after row. */
export function part(g: usize, n: i32, from: i32, out: usize): void {
  const count = <usize>(n - from) << 3;
  for (let i = from; i < n; ++i) {
    const start = g + (<usize>(i * n + from) << 3);
    let k: usize = 0;
    for (; k + 16 <= count; k += 16) v128.store(out + k, v128.load(start + k));
    if (k < count) store<f64>(out + k, load<f64>(start + k));
    out += count;
  }
}

// @ts-ignore: decorator
@inline
function bothLanes(sums: v128): f64 {
  return f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
}

/** out = M G M with M = 1 − qqᵀ, q of length 1; `along` is room for n numbers, and `out` may be G. Both halves stay equal bit for bit. */
export function deflate(g: usize, n: i32, q: usize, along: usize, out: usize): void {
  timesVector(g, n, q, along);
  let twice: f64 = 0;
  for (let i = 0; i < n; ++i) twice += load<f64>(along + (<usize>i << 3)) * load<f64>(q + (<usize>i << 3));
  // −q alongᵀ − along qᵀ + twice q qᵀ, with half of the last term in each of the first two
  for (let i = 0; i < n; ++i) {
    const at = along + (<usize>i << 3);
    store<f64>(at, load<f64>(at) - (twice / 2) * load<f64>(q + (<usize>i << 3)));
  }
  const row = <usize>n << 3;
  for (let i = 0; i < n; ++i) {
    const start = g + <usize>i * row;
    const left = out + <usize>i * row;
    const a = f64x2.splat(load<f64>(along + (<usize>i << 3)));
    const own = f64x2.splat(load<f64>(q + (<usize>i << 3)));
    let k: usize = 0;
    for (const end = row & ~15; k < end; k += 16)
      v128.store(
        left + k,
        f64x2.sub(v128.load(start + k), f64x2.add(f64x2.mul(a, v128.load(q + k)), f64x2.mul(own, v128.load(along + k))))
      );
    if (k < row)
      store<f64>(
        left + k,
        load<f64>(start + k) - (f64x2.extract_lane(a, 0) * load<f64>(q + k) + f64x2.extract_lane(own, 0) * load<f64>(along + k))
      );
  }
}

/** out_ij = sᵢ sⱼ (G_ij − mᵢ − mⱼ + square − aᵢ aⱼ across) of a symmetric G [n][n] and m, s, a [n], symmetric bit for bit. */
export function flatten(g: usize, n: i32, m: usize, square: f64, s: usize, a: usize, across: f64, out: usize): void {
  const row = <usize>n << 3;
  for (let i: usize = 0; i < row; i += 8) {
    const start = out + i * <usize>n;
    const own = g + i * <usize>n;
    const mean = f64x2.splat(load<f64>(m + i));
    const scale = f64x2.splat(load<f64>(s + i));
    const above = f64x2.splat(load<f64>(a + i));
    for (let j: usize = 0; j <= i; j += 16) {
      const apart = f64x2.add(f64x2.sub(f64x2.sub(v128.load(own + j), mean), v128.load(m + j)), f64x2.splat(square));
      const along = f64x2.mul(f64x2.mul(above, v128.load(a + j)), f64x2.splat(across));
      const value = f64x2.mul(f64x2.mul(scale, v128.load(s + j)), f64x2.sub(apart, along));
      const first = f64x2.extract_lane(value, 0);
      store<f64>(start + j, first);
      store<f64>(out + j * <usize>n + i, first);
      if (j < i) {
        const second = f64x2.extract_lane(value, 1);
        store<f64>(start + j, second, 8);
        store<f64>(out + (j + 8) * <usize>n + i, second);
      }
    }
  }
}

/** energy + fᵀGf of a symmetric G [n][n], half of it twice; what is zero at both ends of f costs nothing. */
export function plusForm(g: usize, n: i32, f: usize, energy: f64): f64 {
  let from = 0;
  let to = n;
  while (from < to && load<f64>(f + (<usize>from << 3)) == 0) ++from;
  while (to > from && load<f64>(f + (<usize>(to - 1) << 3)) == 0) --to;
  for (let i = from; i < to; ++i) {
    const row = g + (<usize>(i * n) << 3);
    let both = f64x2.splat(0);
    let j = <usize>from << 3;
    const own = <usize>i << 3;
    for (; j + 8 < own; j += 16) both = f64x2.add(both, f64x2.mul(v128.load(row + j), v128.load(f + j)));
    let even = f64x2.extract_lane(both, 0);
    if (j < own) even += load<f64>(row + j) * load<f64>(f + j);
    const x = load<f64>(f + own);
    energy += x * (2 * (even + f64x2.extract_lane(both, 1)) + load<f64>(row + own) * x);
  }
  return energy;
}

/** Σ (G_ij lᵢ lⱼ)² over i − j ≥ apart, and Σ (G_ij lᵢ lⱼ)⁴, the first two numbers of `out`; terms in order, row by row. */
export function cosinePowers(g: usize, n: i32, lengths: usize, apart: i32, out: usize): void {
  let sums = f64x2.splat(0);
  for (let i = apart; i < n; ++i) {
    const row = g + (<usize>(i * n) << 3);
    const own = load<f64>(lengths + (<usize>i << 3));
    for (let j: usize = 0, end = <usize>(i - apart) << 3; j <= end; j += 8) {
      const cosine = load<f64>(row + j) * own * load<f64>(lengths + j);
      const squared = cosine * cosine;
      sums = f64x2.add(sums, f64x2.mul(f64x2.splat(squared), f64x2.replace_lane(f64x2.splat(1), 1, squared)));
    }
  }
  v128.store(out, sums);
}

/** sums[ℓ] = Σ 2 wᵢ wⱼ G_ij over i − j = ℓ > 0, and Σ wᵢ² G_ii for ℓ = 0, i ascending; w, sums [n]. */
export function alongDiagonals(g: usize, n: i32, w: usize, sums: usize): void {
  memory.fill(sums, 0, <usize>n << 3);
  for (let j = 0; j < n; ++j) {
    const row = g + (<usize>(j * n) << 3);
    const own = load<f64>(w + (<usize>j << 3));
    store<f64>(sums, load<f64>(sums) + own * own * load<f64>(row + (<usize>j << 3)));
    const both = f64x2.splat(own);
    let i = j + 1;
    for (; i + 1 < n; i += 2) {
      const at = sums + (<usize>(i - j) << 3);
      const other = v128.load(w + (<usize>i << 3));
      const weight = f64x2.mul(f64x2.add(other, other), both);
      v128.store(at, f64x2.add(v128.load(at), f64x2.mul(weight, v128.load(row + (<usize>i << 3)))));
    }
    if (i < n) {
      const at = sums + (<usize>(i - j) << 3);
      const other = load<f64>(w + (<usize>i << 3));
      store<f64>(at, load<f64>(at) + 2 * other * own * load<f64>(row + (<usize>i << 3)));
    }
  }
}

/** sums[m] = Σ w(n − 1 − i + j) G_ij over i + j = m, i > j, and G_ii for m = 2i, i ascending; w [n], sums [2n − 1]. */
export function acrossDiagonals(g: usize, n: i32, w: usize, sums: usize): void {
  memory.fill(sums, 0, <usize>(2 * n - 1) << 3);
  for (let i = 0; i < n; ++i) {
    const row = g + (<usize>(i * n) << 3);
    const weights = w + (<usize>(n - 1 - i) << 3);
    const start = sums + (<usize>i << 3);
    let j = 0;
    for (; j + 1 < i; j += 2) {
      const by = <usize>j << 3;
      v128.store(start + by, f64x2.add(v128.load(start + by), f64x2.mul(v128.load(weights + by), v128.load(row + by))));
    }
    for (; j < i; ++j) {
      const by = <usize>j << 3;
      store<f64>(start + by, load<f64>(start + by) + load<f64>(weights + by) * load<f64>(row + by));
    }
    const own = <usize>i << 3;
    store<f64>(start + own, load<f64>(start + own) + load<f64>(row + own));
  }
}

/** a · b of n numbers: four sums side by side, as timeBasis.ts has them. */
function inner(a: usize, b: usize, n: i32): f64 {
  let early = f64x2.splat(0);
  let late = f64x2.splat(0);
  let t: usize = 0;
  const end = <usize>(n & ~3) << 3;
  for (; t < end; t += 32) {
    early = f64x2.add(early, f64x2.mul(v128.load(a + t), v128.load(b + t)));
    late = f64x2.add(late, f64x2.mul(v128.load(a + t, 16), v128.load(b + t, 16)));
  }
  let first = f64x2.extract_lane(early, 0);
  for (const all = <usize>n << 3; t < all; t += 8) first += load<f64>(a + t) * load<f64>(b + t);
  return first + f64x2.extract_lane(early, 1) + (f64x2.extract_lane(late, 0) + f64x2.extract_lane(late, 1));
}

/** f −= (f · q) q */
function takeAway(f: usize, q: usize, n: i32): void {
  const along = inner(q, f, n);
  const both = f64x2.splat(along);
  let t: usize = 0;
  for (const end = <usize>(n & ~1) << 3; t < end; t += 16) v128.store(f + t, f64x2.sub(v128.load(f + t), f64x2.mul(both, v128.load(q + t))));
  if (t < <usize>n << 3) store<f64>(f + t, load<f64>(f + t) - along * load<f64>(q + t));
}

/**
 * Gram–Schmidt, as timeBasis.ts says: of `count` functions [count][n] those that say something new, orthonormal, are appended to the rows q [known][n] until these are `most`. Gives how
 * many rows q has then.
 */
export function orthonormal(functions: usize, count: i32, q: usize, known: i32, n: i32, most: i32, enough: f64, independent: f64): i32 {
  const row = <usize>n << 3;
  for (let i = 0; i < count && known < most; ++i) {
    const rest = q + <usize>known * row;
    memory.copy(rest, functions + <usize>i * row, row);
    const before = sqrt(inner(rest, rest, n));
    let after = before;
    for (let pass = 0; pass < 2; ++pass) {
      for (let k = 0; k < known; ++k) takeAway(rest, q + <usize>k * row, n);
      after = sqrt(inner(rest, rest, n));
      if (after > enough * before) break;
    }
    if (!(after > independent * before)) continue;
    let t: usize = 0;
    for (const end = row & ~15; t < end; t += 16) v128.store(rest + t, f64x2.div(v128.load(rest + t), f64x2.splat(after)));
    if (t < row) store<f64>(rest + t, load<f64>(rest + t) / after);
    ++known;
  }
  return known;
}

/**
 * Takes out of every one of `count` series [count][n], in their place, what they have along modes λᵗ, without what lies along the rows q [known][n]; `steps` are the λ, real and imaginary part one
 * after the other, and a real one has one function. These are made in `functions`, and appended to q as `orthonormal` says. Gives how many there are.
 */
export function withoutModes(
  steps: usize,
  modes: i32,
  functions: usize,
  q: usize,
  known: i32,
  n: i32,
  enough: f64,
  independent: f64,
  series: usize,
  count: i32
): i32 {
  const row = <usize>n << 3;
  let made = 0;
  for (let i = 0; i < modes; ++i, steps += 16) {
    const a = load<f64>(steps);
    const b = load<f64>(steps, 8);
    const real = functions + <usize>made * row;
    const imaginary = real + row;
    let x: f64 = 1;
    let y: f64 = 0;
    for (let t: usize = 0; t < row; t += 8) {
      store<f64>(real + t, x);
      if (b != 0) store<f64>(imaginary + t, y);
      const next = b != 0 ? x * a - y * b : x * a;
      y = x * b + y * a;
      x = next;
    }
    made += b != 0 ? 2 : 1;
  }
  const end = orthonormal(functions, made, q, known, n, known + made, enough, independent);
  for (let i = 0; i < count; ++i) for (let k = known; k < end; ++k) takeAway(series + <usize>i * row, q + <usize>k * row, n);
  return end - known;
}
