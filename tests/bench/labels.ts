import {parseArgs} from "node:util";
import {claimOf} from "../../analysis/patterns/claim.ts";
import type {Matrix} from "../../analysis/matrix.ts";
import {seededRandom, type Random} from "../../analysis/random.ts";
import {noiseNull} from "../support/nulls.ts";
import {contractionPath, orbitPath} from "../support/trajectories.ts";
import {printTable} from "./table.ts";
import {sizesFrom, wholeFrom} from "../support/readNumber.ts";

const SIZES = ["64x32", "64x128", "64x256", "1024x128", "5280x128"]; // width × states
const PATHS = 8; // of each kind; one is much like another, and they must not all lie in the cache
const LEAST_PASSES = 5; // after one that warms up
const LEAST_MS = 10_000; // of the processor, for each figure: as many as a machine that compiles while it runs takes to be done with it, and a small part of a run's

type Make = (shape: {readonly random: Random; readonly steps: number; readonly width: number}) => Matrix;

const KINDS: Readonly<Record<string, Make>> = {
  contraction: (shape) => contractionPath({...shape, onSphere: true, amplitude: 100}).path,
  noise: noiseNull,
  orbit: (shape) => orbitPath({...shape, onSphere: true, amplitude: 20}).path
};

/** Milliseconds that a label costs of one core, from the states of a path to its claim. `--sizes 64x32,…` (width × states), `--only contraction` and `--evidence all` choose. */
export function bench(args: readonly string[]): void {
  const {values} = parseArgs({
    args: [...args],
    options: {
      sizes: {type: "string", default: SIZES.join(",")},
      only: {type: "string", default: ""},
      evidence: {type: "string", default: "decisive"},
      seed: {type: "string", default: "1"},
      as: {type: "string", default: "text"}
    }
  });
  const [sizes, seed] = [sizesFrom("--sizes", values.sizes), wholeFrom(0, "--seed", values.seed)];
  const table = printTable(
    ["width × states", ...Object.keys(KINDS).map((kind) => `${kind}, ms`)],
    values.as === "markdown" ? "markdown" : "text"
  );
  for (const [width, steps] of sizes) {
    const cells = Object.entries(KINDS).map(([kind, make]) => {
      if (!kind.includes(values.only)) return "–";
      const random = seededRandom(seed);
      return millisecondsOf(
        Array.from({length: PATHS}, () => make({random, steps, width})),
        values.evidence === "all" ? "all" : "decisive"
      ).toFixed(1);
    });
    table.row([`${width}x${steps}`, ...cells]);
  }
}

/** The least over passes of what the processor was used, since what else runs on the machine only adds to it. */
function millisecondsOf(paths: readonly Matrix[], evidence: "all" | "decisive"): number {
  const pass = (): number => {
    const before = process.cpuUsage();
    paths.forEach((path, token) => void claimOf(path, {token, init: 0, precision: "float32", evidence}));
    const {user, system} = process.cpuUsage(before);
    return (user + system) / 1000;
  };
  let [total, least] = [pass(), Infinity];
  for (let passes = 0; passes < LEAST_PASSES || total < LEAST_MS; ++passes) {
    const used = pass();
    total += used;
    least = Math.min(least, used);
  }
  return least / paths.length;
}
