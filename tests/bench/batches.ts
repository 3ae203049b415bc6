import {parseArgs} from "node:util";
import {classifyRun} from "../../analysis/patterns/classifyRun.ts";
import {CLAIMS} from "../../analysis/patterns/labels.ts";
import {seededRandom, type Random} from "../../analysis/random.ts";
import type {States} from "../../analysis/states.ts";
import {between, betweenLog, directionOf, gaussianOf} from "../support/gaussian.ts";
import {printTable} from "./table.ts";
import {wholeFrom} from "../support/readNumber.ts";

/**
 * `npm run bench -- batches [--files N]`: noise and walks of many tokens whose steps are large at the same steps for all of them (a batch effect): how many files have a wrong label
 * at all, and how many have one for half of their tokens or more.
 */
export async function bench(args: readonly string[]): Promise<void> {
  const {values} = parseArgs({
    args: [...args],
    options: {
      files: {type: "string", default: "100"},
      tokens: {type: "string", default: "16"},
      steps: {type: "string", default: "48"},
      seed: {type: "string", default: "1"},
      as: {type: "string", default: "text"}
    }
  });
  const [files, tokens, steps] = (["files", "tokens", "steps"] as const).map((name) => wholeFrom(1, `--${name}`, values[name]));
  const seed = wholeFrom(0, "--seed", values.seed);
  const table = printTable(
    ["shared by all tokens of a file", "files", "with a wrong label", "half of it one label"],
    values.as === "markdown" ? "markdown" : "text"
  );
  for (const [row, walks] of [false, true].entries()) {
    const random = seededRandom(seed * 10 + row);
    let [wrong, taken] = [0, 0];
    for (let file = 0; file < files; ++file) {
      const {counts} = classifyRun(batch({random, tokens, steps, walks})).summary;
      const most = Math.max(...CLAIMS.map((label) => counts[label]));
      if (most > 0) ++wrong;
      if (most >= tokens / 2) ++taken;
    }
    table.row([walks ? "outliers of a walk" : "outliers of noise", String(files), String(wrong), String(taken)]);
  }
}

const WIDTH = 64;

/** Tokens of one file; one to six of its steps, the early ones as likely as any, are 3 to 30 times as large for all of them. */
function batch({
  random,
  tokens,
  steps,
  walks
}: {
  readonly random: Random;
  readonly tokens: number;
  readonly steps: number;
  readonly walks: boolean;
}): States {
  const gaussian = gaussianOf(random);
  const sizes = new Float64Array(steps).fill(betweenLog(random, 0.01, 0.3));
  for (let i = 1 + Math.floor(random() * 6); i > 0; --i) sizes[Math.floor(random() * steps)] *= between(random, 3, 30);
  const data = new Float32Array(steps * tokens * WIDTH);
  for (let token = 0; token < tokens; ++token) {
    const place = directionOf(gaussian, WIDTH, Math.sqrt(WIDTH));
    for (let t = 0; t < steps; ++t)
      for (let k = 0; k < WIDTH; ++k) {
        const step = sizes[t] * gaussian();
        data[(t * tokens + token) * WIDTH + k] = place[k] + step;
        if (walks) place[k] += step;
      }
  }
  return {steps, inits: 1, tokens, width: WIDTH, data};
}
