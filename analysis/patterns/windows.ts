const LEAST_WINDOW = 8; // states; fewer cannot show three turns of anything, or a straight line as such
const SHARES = [0, 1 / 8, 1 / 4, 3 / 8, 1 / 2];

/**
 * Where the windows begin that a claim about the later part of a path is tried on: the path without its first state (which may
 * be the initial state, off the sphere), and without its first eighth, quarter, three eighths and half.
 */
export function windowStarts(steps: number): number[] {
  const starts = new Set(SHARES.map((share) => Math.max(1, Math.floor(share * steps))));
  return [...starts].filter((start) => steps - start >= LEAST_WINDOW);
}
