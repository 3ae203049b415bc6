import {describe, expect, it} from "vitest";
import {pixelsOf} from "../../../app/plot/cells.ts";
import {thinned} from "../../../app/plot/thinned.ts";
import {amountColour, darkPalette, lightPalette, signedColour, tokenColour} from "../../../app/plot/palette.ts";
import {seededRandom} from "../../../analysis/random.ts";

describe("thinned", () => {
  const random = seededRandom(3);
  const values = Array.from({length: 5000}, () => random());
  const keep = (list: readonly number[], columns: number): number[] => thinned(list.length, columns, (i) => list[i], Number.isFinite);

  it("keeps every place of what is not longer than its pixels", () => expect(keep([3, 1, 2, 5], 1)).toEqual([0, 1, 2, 3]));

  it("keeps the first, the lowest, the highest and the last of each column, in their order", () => {
    const kept = keep(values, 100);
    expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b));
    expect(kept.length).toBeLessThanOrEqual(400);
    for (let column = 0; column < 100; ++column) {
      const all = values.slice(50 * column, 50 * (column + 1));
      const own = kept.filter((place) => Math.floor(place / 50) === column).map((place) => values[place]);
      expect([own[0], Math.min(...own), Math.max(...own), own.at(-1)]).toEqual([all[0], Math.min(...all), Math.max(...all), all.at(-1)]);
    }
  });

  it("breaks the line where values are left out, once for each gap, over the columns' ends too", () => {
    const gaps = values.map((value, i) => (i < 7 || (i > 90 && i < 310) || i === 4000 ? NaN : value));
    const kept = keep(gaps, 50);
    expect(kept.filter((place) => Number.isNaN(gaps[place]))).toEqual([0, 91, 4000]);
    for (const end of [7, 90, 310, 3999, 4001, 4999]) expect(kept).toContain(end);
  });

  it("keeps one place of what is nowhere drawn", () => expect(keep(Array(5000).fill(NaN), 10)).toEqual([0]));
});

it("every colour of a plot is one that can be drawn as a pixel", () => {
  for (const palette of [lightPalette, darkPalette]) {
    const colours = [0, 0.3, 1].flatMap((share) => [
      amountColour(palette, share),
      signedColour(palette, 2 * share - 1),
      tokenColour(palette, 10 * share)
    ]);
    const bytes = new Uint8Array(pixelsOf(colours).buffer);
    for (let i = 0; i < colours.length; ++i) {
      expect(bytes[4 * i + 3]).toBe(255);
      expect(bytes[4 * i] + bytes[4 * i + 1] + bytes[4 * i + 2]).toBeGreaterThan(0);
    }
  }
});
