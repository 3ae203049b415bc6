/** Orthonormal functions of time, each of length n. */
export type TimeBasis = readonly Float64Array[];

const INDEPENDENT = 1e-6; // a function that keeps less of its length than this after projection says nothing new

/** Gram–Schmidt: `functions` made orthonormal and orthogonal to `against`; dependent ones are dropped. */
export function orthonormal(functions: readonly Float64Array[], against: TimeBasis = []): Float64Array[] {
  const basis: Float64Array[] = [];
  for (const f of functions) {
    const rest = f.slice(); // the caller keeps the raw function
    const before = Math.sqrt(inner(f, f));
    for (let pass = 0; pass < 2; ++pass) {
      for (const q of [...against, ...basis]) {
        const along = inner(q, rest);
        for (let t = 0; t < rest.length; ++t) rest[t] -= along * q[t];
      }
    }
    const after = Math.sqrt(inner(rest, rest));
    if (!(after > INDEPENDENT * before)) continue;
    for (let t = 0; t < rest.length; ++t) rest[t] /= after;
    basis.push(rest);
  }
  return basis;
}

export function inner(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let t = 0; t < a.length; ++t) sum += a[t] * b[t];
  return sum;
}

/** f(0), f(1), … f(n − 1). */
export function sampled(n: number, f: (t: number) => number): Float64Array {
  const values = new Float64Array(n); // several times as fast as Float64Array.from
  for (let t = 0; t < n; ++t) values[t] = f(t);
  return values;
}

/** The damped oscillation λᵗ of an eigenvalue λ = rate·e^{iω}: its real and imaginary part (the imaginary one only if ω is not 0 or π). */
export function modeFunctions(n: number, rate: number, omega: number): Float64Array[] {
  const [real, imaginary] = [new Float64Array(n), new Float64Array(n)];
  for (let t = 0; t < n; ++t) {
    const size = rate ** t;
    real[t] = size * Math.cos(omega * t);
    imaginary[t] = size * Math.sin(omega * t);
  }
  return omega <= 0 || omega >= Math.PI ? [real] : [real, imaginary];
}
