import {encodeSafetensors} from "../../capture/trace/safetensors.ts";
import {drawnRuns} from "../analyses/drawnRuns.ts";
import {projectionMessage} from "../analyses/projection.ts";
import type {CensusPictureQuery} from "../contract/censusAnswers.ts";
import {componentBounds, PATTERNS} from "../contract/choices.ts";
import {withReaders} from "../runs/withReaders.ts";
import {openCensus} from "./censusFolder.ts";
import {rowsOfCensus} from "./askRows.ts";
import {keptTraces} from "./keptTraces.ts";

/**
 * The traces that a census kept in one picture, fitted on all of their states, as a safetensors message: `points` [steps, inits, tokens, 2],
 * where the tokens of all prompts follow one another; `prompt` and `token` [tokens], which they are; `label` [inits, tokens], the place of
 * their label among the four. Texts stand in the metadata. Throws a Refusal where nothing was kept.
 */
export async function keptPicture(dir: string, {method, seed}: CensusPictureQuery): Promise<Uint8Array> {
  const {manifest} = await openCensus(dir);
  const {kept, of} = await keptTraces(dir);
  const labels = await labelsIn(dir);
  const query = {method, seed, dims: componentBounds.usual, fit: "joint", site: manifest.site} as const;
  return withReaders(
    kept.map((one) => one.dir),
    async (readers) => {
      const [first, ...others] = readers;
      const {runs, metadata} = drawnRuns(await projectionMessage(first, query, {others}), readers.length);
      const [steps, inits] = runs[0].shape;
      const places = kept.flatMap(({prompt}, run) => readers[run].trace.tokens.map(({text}, token) => ({prompt, token, text})));
      const labelled = Array.from({length: inits}, (_, init) => places.map(({prompt, token}) => labels.get(`${prompt} ${init} ${token}`)));
      return encodeSafetensors(
        {
          points: {shape: [steps, inits, places.length, query.dims], data: besideOneAnother(runs, query.dims)},
          prompt: {shape: [places.length], data: Int32Array.from(places, ({prompt}) => prompt)},
          token: {shape: [places.length], data: Int32Array.from(places, ({token}) => token)},
          label: {shape: [inits, places.length], data: Int32Array.from(labelled.flat(), (label) => label ?? UNSETTLED)}
        },
        {...metadata, texts: JSON.stringify(places.map(({text}) => text)), drawn: String(kept.length), kept: String(of)}
      );
    }
  );
}

const UNSETTLED = PATTERNS.indexOf("unsettled");

/** The place of each trajectory's label among the four. */
async function labelsIn(dir: string): Promise<ReadonlyMap<string, number>> {
  const {rows} = await rowsOfCensus(dir);
  const place: ReadonlyMap<string, number> = new Map(PATTERNS.map((label, i) => [label, i]));
  return new Map(rows.map(({prompt, init, token, label}) => [`${prompt} ${init} ${token}`, place.get(label) ?? UNSETTLED]));
}

type Runs = ReturnType<typeof drawnRuns>["runs"];

/** Points of runs with the same steps and inits as those of one run that has all of their tokens. */
function besideOneAnother(runs: Runs, dims: number): Float32Array {
  const [steps, inits] = runs[0].shape;
  const joined = new Float32Array(runs.reduce((sum, {points}) => sum + points.length, 0));
  let at = 0;
  for (let slice = 0; slice < steps * inits; ++slice)
    for (const {shape, points} of runs) {
      const length = shape[2] * dims;
      joined.set(points.subarray(slice * length, (slice + 1) * length), at);
      at += length;
    }
  return joined;
}
