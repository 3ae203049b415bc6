import {amplitudes} from "../modes/partAmplitudes.ts";
import type {Products} from "../path/residual.ts";

/**
 * The complex amplitude in consecutive parts of a window: coherence of the halves |⟨z₁, z₂⟩| / (‖z₁‖ ‖z₂‖), the share of amplitude lost
 * from the first third to the last, and what a geometric approach would come to, over the last third's amplitude
 * (Aitken's extrapolation: 0 for a decay to rest, 1 for a cycle that has been reached, more for one that is approached from inside, ∞ for growth without an end). Lengths are freed of noise.
 */
export function envelope(plain: Products, omega: number, noise: number): {coherence: number; decline: number; limit: number} {
  const n = plain.size;
  const halves = amplitudes(plain, omega, noise, 2);
  const along = halves.cross(0, 1);
  const coherence = along / Math.sqrt(Math.max(halves.squared(0), 1e-300) * Math.max(halves.squared(1), 1e-300));
  if (n < 12)
    return {coherence: Math.min(1, coherence), decline: 1 - Math.sqrt(halves.squared(1) / Math.max(halves.squared(0), 1e-300)), limit: 0};
  const thirds = amplitudes(plain, omega, noise, 3);
  const [a, b, c] = [0, 1, 2].map((i) => Math.sqrt(Math.max(0, thirds.squared(i))));
  const bend = b - a - (c - b); // negative where a decay slows down, positive where growth does
  const slowsDown = c < b ? bend < 0 : bend > 0;
  const limit = c === b ? 1 : slowsDown ? (c + (c - b) ** 2 / bend) / Math.max(c, 1e-300) : c < b ? 0 : Infinity;
  return {coherence: Math.min(1, coherence), decline: 1 - c / Math.max(a, 1e-300), limit};
}
