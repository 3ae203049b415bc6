/** What a cycle whose leading multiplier crosses the unit circle there turns into; also what a fixed point does, of period 1. */
export const BIFURCATIONS = ["fold", "flip", "Neimark–Sacker"] as const;
type Bifurcation = (typeof BIFURCATIONS)[number];

const NEAR = 0.05; // distance from the unit circle, relative, at which the bifurcation is named

/** The bifurcation near which multipliers (largest modulus first) lie: fold at +1, flip at −1, Neimark–Sacker at a complex pair on the unit circle; null away from it. */
export function bifurcationOf(multipliers: readonly (readonly [number, number])[]): Bifurcation | null {
  const nearest = [...multipliers].sort((a, b) => Math.abs(Math.hypot(...a) - 1) - Math.abs(Math.hypot(...b) - 1))[0];
  if (!nearest || Math.abs(Math.hypot(...nearest) - 1) > NEAR) return null;
  const [re, im] = nearest;
  if (Math.abs(im) > 1e-6) return "Neimark–Sacker";
  return re > 0 ? "fold" : "flip";
}

/**
 * The same in words, for a cycle of a period. A multiplier near +1 is not a fold's alone: a cycle just born of a flip has it (the second iterate's pitchfork), and so has every whole
 * turn round a closed curve, along which nothing pulls back.
 */
export function nearText(bifurcation: Bifurcation, period: number): string {
  const others = [
    ...(period % 2 === 0 ? ["just past the flip that it came from"] : []),
    ...(period > 2 ? ["on a closed curve, past a Neimark–Sacker"] : [])
  ];
  return `near a ${bifurcation} bifurcation${bifurcation === "fold" ? others.map((other) => `, or ${other}`).join("") : ""}`;
}
