/** A frequency above ½ as sampling shows it. */
export function folded(f: number): number {
  const part = f - Math.floor(f);
  return part > 0.5 ? 1 - part : part;
}
