import {Refusal} from "./refusal.ts";
import {TraceFormatError} from "./safetensorsHeader.ts";
import type {Trace} from "./schema.ts";
import {extentOf, readSlice, type SiteExtent, type SiteSlice, type SliceOptions} from "./slice.ts";
import type {SafetensorsFile} from "./tensorPlaces.ts";

// Knows of no disk: the page reads the states of a gallery by it, too.

/** The states of a run, in whatever slices are asked for. */
export interface SiteReader {
  /** Sites with a step axis that the files hold, with their last axis. `state_normed` is computed where `state` and what norms it are there. */
  readonly sites: readonly string[];
  /** Tensors without a step axis. */
  readonly constants: readonly string[];
  /** What a site has on disk. Throws a Refusal that names the sites there are. */
  extentOf(site: string): SiteExtent;
  /**
   * Part of a site, at the beginning of `into`, which must hold it, or in fresh memory, which costs as much time as reading does. Throws a Refusal that
   * names the sites there are, or the range allowed.
   */
  readSite(site: string, options?: SliceOptions, into?: Float32Array): Promise<SiteSlice>;
  /**
   * As many rows of a site as `into` holds, from row `first` on, in the order `[step][init][token]`; nothing else is allocated. Throws
   * as readSite does, and for rows beyond the steps written.
   */
  readRows(site: string, first: number, into: Float32Array): Promise<void>;
  /** A tensor without a step axis, such as `input` [tokens, width]. */
  readConstant(name: string): Promise<{shape: readonly number[]; data: Float32Array}>;
}

/** Reads a run's file of states. Throws a TraceFormatError where it contradicts the trace. */
export function siteReader(trace: Trace, states: SafetensorsFile): SiteReader {
  checkState(trace, states);
  const stepped = new Map([...states.tensors].filter(([, {shape}]) => shape.length === 4));
  const sites =
    isNormed(trace, states) && stepped.has("state") && !stepped.has("state_normed")
      ? [...stepped.keys(), "state_normed"]
      : [...stepped.keys()];
  const storedAs = (site: string): string => {
    if (!sites.includes(site)) throw new Refusal(`unknown site: ${site}; one of ${sites.join(", ")}`);
    return stepped.has(site) ? site : "state";
  };
  let weight: Promise<Float32Array | undefined> | undefined; // rows are normalised block by block
  const normWeight = () => (weight ??= trace.norm?.weight ? states.readFloats(trace.norm.weight) : Promise.resolve(undefined));
  const normalise = async (values: Float32Array) => {
    rmsNormalise(values, {width: trace.width, weight: await normWeight(), epsilon: trace.norm?.eps ?? 0});
  };
  return {
    sites,
    constants: [...states.tensors.keys()].filter((name) => !stepped.has(name)),
    extentOf: (site) => extentOf(states, trace, storedAs(site)),
    async readSite(site, options, into) {
      storedAs(site);
      if (stepped.has(site)) return readSlice(states, trace, site, options, into);
      const raw = await readSlice(states, trace, "state", options, into);
      await normalise(raw.data);
      return {...raw, site};
    },
    async readRows(site, first, into) {
      const stored = storedAs(site);
      const {firstStep, lastStep, width} = extentOf(states, trace, stored);
      const rows = (lastStep - firstStep + 1) * trace.inits.length * trace.tokens.length;
      const end = first + into.length / width;
      if (!(Number.isInteger(first) && Number.isInteger(end) && first >= 0 && end <= rows))
        throw new Refusal(`invalid rows of ${site}: ${first} to ${end}; expected 0 to ${rows}`);
      await states.readInto(stored, first * width, into);
      if (stored !== site) await normalise(into);
    },
    async readConstant(name) {
      const data = await states.readFloats(name);
      return {shape: states.tensors.get(name)!.shape, data};
    }
  };
}

const isNormed = ({norm}: Trace, {tensors}: SafetensorsFile): boolean =>
  norm !== null && (norm.weight === null || tensors.has(norm.weight));

function checkState({tokens, inits, width}: Trace, states: SafetensorsFile): void {
  const expected = [inits.length, tokens.length, width].join(", ");
  const shape = states.tensors.get("state")?.shape;
  if (shape && shape.slice(1).join(", ") !== expected)
    throw new TraceFormatError(`invalid state: [${shape.join(", ")}]; trace.json promises [steps, ${expected}]`);
  for (const [name, {shape}] of states.tensors)
    if (shape.length === 4 && (shape[1] !== inits.length || shape[2] !== tokens.length))
      throw new TraceFormatError(
        `invalid ${name}: [${shape.join(", ")}]; trace.json promises [steps, ${inits.length}, ${tokens.length}, …]`
      );
}

/** RMSNorm over the last axis, x / √(mean x² + ε), times the weight where there is one; in place. */
function rmsNormalise(
  values: Float32Array,
  {width, weight, epsilon}: {readonly width: number; readonly weight?: Float32Array; readonly epsilon: number}
): void {
  for (let row = 0; row < values.length; row += width) {
    let sum = 0;
    for (let i = 0; i < width; ++i) sum += values[row + i] ** 2;
    const scale = 1 / Math.sqrt(sum / width + epsilon);
    for (let i = 0; i < width; ++i) values[row + i] = values[row + i] * scale * (weight?.[i] ?? 1);
  }
}
