import {componentBounds} from "../../../api/contract/choices.ts";
import {useRemote, type Remote} from "../../source/remote.ts";
import {padded, type Field, type Points} from "../../plot/field.ts";
import {joinSlices, slicesOf} from "../../source/slices.ts";
import type {Tensor, Tensors} from "../../source/safetensors.ts";
import {useSource} from "../../source/sourceContext.ts";
import type {Fit, Projected, View} from "../../state/view.ts";

/** A run in a picture's coordinates. */
export interface Projection {
  readonly points: Points;
  /** Compared runs in the same coordinates. */
  readonly others: readonly {readonly run: string; readonly points: Points}[];
  /** Share of variance by component; empty for UMAP. */
  readonly explained: readonly number[];
  /** Share of each trajectory's motion that the picture shows, [init][token]; undefined for UMAP. */
  readonly keptMotion: ArrayLike<number> | undefined;
  /** What the server says about the basis. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** A view that shows all trajectories. */
type ProjectedView = Omit<View, "picture"> & {readonly picture: Projected};

const WIDE_DIMS = 6; // one answer then serves every pair of the first six components

/** Components to ask for: few for the first picture, more once a later pair is looked at. */
function dimsOf({picture, pair}: Pick<ProjectedView, "picture" | "pair">): number {
  const needed = Math.max(...pair) + 1;
  if (picture === "umap") return 2;
  if (picture === "rotations") return WIDE_DIMS;
  if (picture === "space") return 3;
  if (picture === "waterfall") return 2;
  return needed <= 2 ? 2 : Math.max(WIDE_DIMS, needed > WIDE_DIMS ? componentBounds.most : 0);
}

/** The states that the basis is fitted on: UMAP places all of them, rotations centre each trajectory, and a joint fit needs a compared run. */
function fitOf({picture, fit}: Pick<ProjectedView, "picture" | "fit">, chosen: readonly number[], compared: readonly string[]): Fit {
  if (picture === "rotations") return "token";
  if (picture === "umap") return compared.length ? "joint" : "all";
  return (fit === "chosen" && chosen.length === 0) || (fit === "joint" && compared.length === 0) ? "all" : fit;
}

/** The projection that the view asks for, with the runs compared; asked again while one of them grows. */
export function useProjection(run: string, view: ProjectedView, {chosen, compared, version, size}: ProjectionParts): Remote<Projection> {
  const source = useSource();
  const fit = fitOf(view, chosen, compared);
  const query = {
    method: view.picture === "umap" ? ("umap" as const) : ("pca" as const),
    dims: dimsOf(view),
    fit,
    site: view.site,
    ...(fit === "chosen" && {tokens: [...chosen].sort((a, b) => a - b).join(",")}),
    ...(compared.length && {with: compared.join(",")})
  };
  return useRemote(
    async (signal, part) => {
      const {lastStep, paths, live} = size;
      const slices: Tensors[] = [];
      for (const range of live ? [undefined] : slicesOf({lastStep, paths, stateBytes: query.dims * Float32Array.BYTES_PER_ELEMENT})) {
        slices.push(await source.projection(run, {...query, ...range}, signal));
        if (range && range.to < lastStep) part(projectionOf(joinSlices(slices), compared));
      }
      return projectionOf(joinSlices(slices), compared);
    },
    [run, query],
    version
  );
}

/** What a projection is asked with beside the view. */
interface ProjectionParts {
  readonly chosen: readonly number[];
  readonly compared: readonly string[];
  readonly version: string;
  /** The run's last step on disk, and how many trajectories it has: a large one that does not grow comes in slices. */
  readonly size: {readonly lastStep: number; readonly paths: number; readonly live: boolean};
}

function projectionOf({tensors, metadata}: Tensors, compared: readonly string[] = []): Projection {
  const {points, explained, kept_motion} = tensors;
  const firstStep = Number(metadata.first_step ?? 0); // sites inside a step begin at step 1
  return {
    points: pointsOf(points, firstStep),
    others: compared.map((run, i) => ({run, points: pointsOf(tensors[`points.${i + 1}`], firstStep)})),
    explained: explained ? [...explained.data] : [],
    keptMotion: kept_motion?.data,
    metadata
  };
}

function pointsOf({shape: [written, inits, tokens, dims], data}: Tensor, firstStep: number): Points {
  return {steps: written + firstStep, inits, tokens, dims, values: padded(data as Float32Array, firstStep * inits * tokens * dims)};
}

/** Every component of a projection as a field: pc1, pc2, … */
export function pointFields({points: {steps, inits, tokens, dims, values}, metadata}: Projection): Record<string, Field> {
  const prefix = metadata.method === "umap" ? "umap" : "pc";
  return Object.fromEntries(
    Array.from({length: dims}, (_, k) => [
      `${prefix}${k + 1}`,
      {steps, inits, tokens, values: Float32Array.from({length: steps * inits * tokens}, (_, i) => values[i * dims + k])}
    ])
  );
}
