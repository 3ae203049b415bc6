/**
 * Benjamini–Hochberg q-values: q_i is the smallest false discovery rate at which claim i is kept, min over j with p_j ≥ p_i of
 * p_j · m / rank(p_j) (Benjamini and Hochberg 1995). Valid for independent and for positively dependent claims, as neighbouring tokens are.
 */
export function benjaminiHochberg(p: readonly number[]): number[] {
  const order = p.map((_, i) => i).sort((a, b) => p[b] - p[a]);
  const q = new Array<number>(p.length);
  let least = 1;
  order.forEach((i, fromWorst) => {
    least = Math.min(least, (p[i] * p.length) / (p.length - fromWorst));
    q[i] = least;
  });
  return q;
}
