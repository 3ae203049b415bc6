import {describe, expect, it} from "vitest";
import type {Matrix} from "../../../analysis/matrix.ts";
import {claimOf, type ClaimOptions} from "../../../analysis/patterns/claim.ts";
import {precisionOf, toBfloat16} from "../../../analysis/patterns/path/rounding.ts";
import {seededRandom} from "../../../analysis/random.ts";
import {NULLS, POSITIVES} from "../../bench/patternCases.ts";
import {HARD_POSITIVES} from "../../support/hardPositives.ts";
import {noiseNull} from "../../support/nulls.ts";
import {contractionPath, orbitPath, type Shape} from "../../support/trajectories.ts";

const claimed = (path: Matrix, evidence: ClaimOptions["evidence"]) =>
  claimOf(path, {token: 0, init: 0, precision: precisionOf(path.data), evidence});
const positives = {...POSITIVES, ...HARD_POSITIVES};
const makers: Readonly<Record<string, (shape: Shape) => Matrix>> = {
  ...Object.fromEntries(Object.entries(NULLS).map(([name, {make}]) => [name, make])),
  ...Object.fromEntries(Object.entries(positives).map(([name, {make}]) => [name, (shape: Shape) => make(shape).path]))
};

describe("claimOf with the decisive evidence alone", () => {
  it.each(Object.entries(makers))("claims what it claims with all of it, to the last digit: %s", (_, make) => {
    const random = seededRandom(5);
    const path = make({random, steps: 32, width: 96, onSphere: true, amplitude: 5});
    for (const data of [path.data, toBfloat16(path.data)]) {
      const [{evidence: all, ...full}, {evidence: some, ...claim}] = (["all", "decisive"] as const).map((evidence) =>
        claimed({...path, data}, evidence)
      );
      expect(claim).toEqual(full);
      expect({...all, ...Object.fromEntries(Object.entries(some).filter(([, own]) => own !== undefined))}).toEqual(all);
    }
  });

  it("leaves out what says nothing about any label, and keeps what does", () => {
    const shape = {random: seededRandom(6), steps: 64, width: 512, onSphere: true, amplitude: 20};
    const found = (path: Matrix) => {
      const {orbit, slider} = claimed(path, "decisive").evidence;
      return [orbit !== undefined, slider !== undefined];
    };
    expect(found(contractionPath(shape, {rate: 0.7}).path)).toEqual([false, false]);
    expect(found(noiseNull(shape))).toEqual([false, false]);
    expect(found(orbitPath(shape, {period: 7}).path)[0]).toBe(true);
    expect(Object.values(claimed(noiseNull(shape), "all").evidence)).not.toContain(undefined);
  });
});
