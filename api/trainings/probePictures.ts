import {existsSync} from "node:fs";
import {readdir} from "node:fs/promises";
import {join} from "node:path";
import {matrixOf} from "../../analysis/matrix.ts";
import {fitPca, transform} from "../../analysis/projections/pca.ts";
import {STATE} from "../../capture/model/site.ts";
import {ifThere} from "../../capture/trace/ifThere.ts";
import {openTrace} from "../../capture/trace/reader.ts";
import {probeFolder, PROBES_FOLDER} from "../../capture/train/probe.ts";
import {savedUpdate, STATE_FILE} from "../../capture/train/trainingState.ts";
import type {TrainingProbes} from "../contract/contract.ts";

const MAX_SAVES = 40; // in one picture; a longer run shows evenly spaced ones, the last among them

/** The updates at which a run kept its probe's trajectories, in order; not the one that is being saved. */
export async function savesOf(dir: string): Promise<number[]> {
  if (!existsSync(join(dir, STATE_FILE))) return [];
  const whole = await savedUpdate(dir); // it is written after the trajectories
  const names = await ifThere(readdir(join(dir, PROBES_FOLDER)), []);
  return names
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((update) => update <= whole)
    .sort((a, b) => a - b);
}

/** The probe's trajectories at every save, in the plane of the two largest variances of all of them together: what moves in it has moved in training. */
export async function probePictures(dir: string): Promise<TrainingProbes> {
  const updates = evenly(await savesOf(dir), MAX_SAVES);
  const found: {update: number; states: Float32Array}[] = [];
  let shape = {tokens: [] as string[], steps: 0, width: 0};
  for (const update of updates) {
    const reader = await openTrace(probeFolder(dir, update));
    try {
      const {tokens} = reader.trace;
      const {data, ...site} = await reader.readSite(STATE, {});
      shape = {tokens: tokens.map(({text}) => text), steps: site.steps, width: site.width};
      found.push({update, states: data});
    } finally {
      await reader.close();
    }
  }
  const {tokens, steps, width} = shape;
  if (found.length === 0) return {tokens: [], steps: 0, explained: [], saves: []};
  const size = steps * tokens.length * width;
  const all = new Float32Array(found.length * size);
  found.forEach(({states}, i) => all.set(states, i * size));
  const basis = fitPca(matrixOf(all.length / width, width, all));
  return {
    tokens,
    steps,
    explained: [...basis.explained],
    saves: found.map(({update, states}) => ({
      update,
      points: Array.from(transform(basis, matrixOf(states.length / width, width, states)).data, (x) => Number(x.toPrecision(5)))
    }))
  };
}

const evenly = (list: readonly number[], most: number): number[] =>
  list.length <= most ? [...list] : Array.from({length: most}, (_, i) => list[Math.round((i * (list.length - 1)) / (most - 1))]);
