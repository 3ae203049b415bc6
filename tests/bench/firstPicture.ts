import {mkdir, mkdtemp, rm} from "node:fs/promises";
import {join} from "node:path";
import {setTimeout as sleep} from "node:timers/promises";
import {randomNormal} from "d3-random";
import {pino} from "pino";
import {createServer} from "../../api/http/server.ts";
import {seededRandom} from "../../analysis/random.ts";
import {startSmallTrace} from "../support/smallTrace.ts";

export interface PictureSize {
  readonly steps: number;
  readonly tokens: number;
  readonly width: number;
}

const SEEDS = 3; // each asks what has not been asked before, so that nothing is kept
const START_MS = 5000; // the server's processes are up by then, as they are when somebody opens a run

/** How long the real server takes from the request for a run's default picture to its last byte, ms for each of some requests. */
export async function firstPictures({steps, tokens, width}: PictureSize, folder: string): Promise<number[]> {
  const dir = await mkdtemp(join(folder, "picture-"));
  const runs = join(dir, "runs");
  await mkdir(runs);
  await writeRun(join(runs, "long"), {steps, tokens, width});
  const server = createServer({runs, models: [], log: pino({level: "silent"})});
  try {
    const url = await server.listen({port: 0});
    server.warm();
    await sleep(START_MS);
    const times: number[] = [];
    for (let seed = 0; seed < SEEDS; ++seed) {
      const start = performance.now();
      const answer = await fetch(`${url}/api/runs/long/projection?method=pca&dims=2&fit=all&site=state&seed=${seed}`);
      const bytes = (await answer.arrayBuffer()).byteLength;
      if (!answer.ok || bytes < steps * tokens * 8) throw new Error(`no picture: status ${answer.status}, ${bytes} bytes`);
      times.push(performance.now() - start);
    }
    return times;
  } finally {
    await server.close();
    await rm(dir, {recursive: true});
  }
}

/** Tokens on their way to a point of their own, 0.9 of the distance left at each step, with a little noise. */
async function writeRun(dir: string, {steps, tokens, width}: PictureSize): Promise<void> {
  const writer = await startSmallTrace(dir, {steps: steps - 1, inits: 1, tokens, width});
  const normal = randomNormal.source(seededRandom(5))();
  const noise = Float32Array.from({length: 1 << 16}, () => 0.05 * normal());
  const drawn = () => Float32Array.from({length: tokens * width}, (_, at) => normal() / (1 + (at % width)) ** 0.5);
  const [ends, starts] = [drawn(), drawn()];
  await writer.writeState("input", new Float32Array(tokens * width));
  await writer.writeState("ln_f", new Float32Array(width).fill(1));
  for (let step = 0; step < steps; ++step) {
    const left = 0.9 ** step;
    await writer.writeState(
      "state",
      ends.map((end, at) => end + left * (starts[at] - end) + noise[(at * 31 + step * 7919) & 0xffff]),
      step
    );
    await writer.finishStep(step, 1);
  }
  await writer.complete();
}
