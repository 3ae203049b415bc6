import {parseArgs} from "node:util";
import type {Matrix} from "../../analysis/matrix.ts";
import {claimOf} from "../../analysis/patterns/claim.ts";
import {precisionOf, toBfloat16} from "../../analysis/patterns/path/rounding.ts";
import {seededRandom} from "../../analysis/random.ts";
import {HARD_POSITIVES} from "../support/hardPositives.ts";
import {NULLS, POSITIVES} from "./patternCases.ts";
import {sizesFrom, wholeFrom} from "../support/readNumber.ts";

type Make = (shape: Parameters<(typeof POSITIVES)[string]["make"]>[0]) => Matrix;

const KINDS: Readonly<Record<string, Make>> = {
  ...Object.fromEntries(Object.entries(NULLS).map(([name, {make}]) => [name, make])),
  ...Object.fromEntries(Object.entries({...POSITIVES, ...HARD_POSITIVES}).map(([name, {make}]) => [name, (shape) => make(shape).path]))
};

/**
 * Prints what paths of every kind of the benchmark are called, a line each with every digit of its numbers: what a change of the code that should change no label is compared by
 * (`diff` of two commits' output, or of `--evidence all` and `--evidence decisive`). `--sizes 64x32,…` (width × states), `--paths N` of each kind, `--seed`, `--match TEXT` choose.
 */
export function bench(args: readonly string[]): void {
  const {values} = parseArgs({
    args: [...args],
    options: {
      sizes: {type: "string", default: "64x32,64x64,64x128,64x256,1024x32,1024x128"},
      paths: {type: "string", default: "2"},
      seed: {type: "string", default: "1"},
      match: {type: "string", default: ""},
      evidence: {type: "string", default: "decisive"}
    }
  });
  const evidence = values.evidence === "all" ? "all" : "decisive";
  const [seed, paths] = [wholeFrom(0, "--seed", values.seed), wholeFrom(1, "--paths", values.paths)];
  for (const [width, steps] of sizesFrom("--sizes", values.sizes)) {
    for (const [name, make] of Object.entries(KINDS)) {
      if (!name.includes(values.match)) continue;
      const random = seededRandom(seed);
      for (let i = 0; i < paths; ++i) {
        const path = make({random, steps, width, onSphere: i % 2 === 0, amplitude: [5, 100, 20][i % 3]});
        for (const data of [path.data, toBfloat16(path.data)]) {
          const {evidence: _, ...claim} = claimOf({...path, data}, {token: 0, init: 0, precision: precisionOf(data), evidence});
          console.log(`${width}x${steps} ${name} ${i} ${JSON.stringify(claim)}`);
        }
      }
    }
  }
}
