import {keptShares, trustPerPath} from "../../analysis/projections/distortion.ts";
import {atTheirRows, onFiniteRows} from "../../analysis/projections/finiteRows.ts";
import {fitPca, type Pca} from "../../analysis/projections/pca.ts";
import {joinedSource} from "../../analysis/projections/joinedSource.ts";
import {centredSource, type RowSource} from "../../analysis/projections/rowSource.ts";
import {fitPcaSource, mostPasses} from "../../analysis/projections/sourcePca.ts";
import {transformSource} from "../../analysis/projections/transformSource.ts";
import {refuseManyRows, umapProjection} from "../../analysis/projections/umap.ts";
import {matrixOf, rowOf, type Matrix} from "../../analysis/matrix.ts";
import {seededRandom} from "../../analysis/random.ts";
import type {TraceReader} from "../../capture/trace/reader.ts";
import {encodeSafetensors, type Tensor} from "../../capture/trace/safetensors.ts";
import type {ProjectionQuery} from "../contract/contract.ts";
import {rowsOfSite, steppedSite, type SteppedSite} from "../runs/siteRows.ts";
import {indicesOf} from "../contract/indicesOf.ts";
import {comparableSite} from "./comparable.ts";
import {Refusal} from "../../capture/trace/refusal.ts";

interface ProjectionOptions {
  /** Runs that are drawn in the same picture; defaults to none. */
  readonly others?: readonly TraceReader[];
  /** Told a share of all the work, 0 to 1, where it takes long. */
  readonly progress?: (share: number) => void;
}

/**
 * A run drawn in few dimensions, as one safetensors message: `points` [steps, inits, tokens, dims] and how far the picture
 * can be trusted, with its own words about the fit in the metadata. Further runs in the same picture are `points.1` and so on;
 * with fit=joint it is fitted on all of them. Throws a Refusal for what a run does not have.
 */
export async function projectionMessage(
  reader: TraceReader,
  query: ProjectionQuery,
  {others = [], progress}: ProjectionOptions = {}
): Promise<Uint8Array> {
  const site = await steppedSite(reader, query.site);
  const sites = [site, ...(await Promise.all(others.map((other) => comparableSite(reader, other, query.site))))];
  const {tensors, metadata} =
    query.method === "pca" ? await pcaPicture(reader, sites, query, progress) : await umapPicture(sites, query, progress);
  const {method, fit, tokens} = query;
  return encodeSafetensors(tensors, {
    method,
    fit,
    site: query.site,
    first_step: String(site.firstStep),
    ...(tokens === undefined ? {} : {tokens}),
    ...metadata
  });
}

interface Picture {
  readonly tensors: Readonly<Record<string, Tensor>>;
  readonly metadata: Readonly<Record<string, string>>;
}

const pathsOf = ({inits, tokens}: SteppedSite): number => inits.length * tokens.length;

const shapeOf = ({firstStep, lastStep, inits, tokens}: SteppedSite, dims: number): number[] => [
  lastStep - firstStep + 1,
  inits.length,
  tokens.length,
  dims
];

/** The site's rows in the order `[step][init][token]`; for fit=token every trajectory about its own mean. */
const framed = async (site: SteppedSite, fit: ProjectionQuery["fit"]): Promise<RowSource> =>
  fit === "token" ? centredSource(rowsOfSite(site), {paths: pathsOf(site)}) : rowsOfSite(site);

/** A run's points in the picture by their name: this run's first. */
const pointsName = (run: number): string => (run === 0 ? "points" : `points.${run}`);

/** `explained` [dims]; `axes` [dims, width] and `mean` [width], the basis itself; `kept` and `kept_motion` [inits, tokens], the shares of each trajectory of this run that the picture shows. */
async function pcaPicture(
  reader: TraceReader,
  sites: readonly SteppedSite[],
  {dims, fit, tokens, seed, site: name}: ProjectionQuery,
  progress: ProjectionOptions["progress"]
): Promise<Picture> {
  const [site] = sites;
  const chosen = indicesOf(tokens);
  const runs = await Promise.all(sites.map((one) => framed(one, fit)));
  const fitted = chosen ? rowsOfSite(await steppedSite(reader, name, {tokens: chosen})) : fit === "joint" ? joinedSource(runs) : runs[0];
  const pca = await basisOf(fitted, {dims, seed, scores: !chosen, progress});
  const drawn = await Promise.all(
    runs.map((rows, run) => (pca.scores && (run === 0 || fit === "joint") ? scoresOf(pca.scores, runs, run) : transformSource(pca, rows)))
  );
  const points = Object.fromEntries(drawn.map(({data}, run) => [pointsName(run), {shape: shapeOf(sites[run], dims), data}]));
  const {kept, keptMotion} = await keptShares(runs[0], drawn[0], {mean: pca.mean, paths: pathsOf(site)});
  const perPath = [site.inits.length, site.tokens.length];
  return {
    tensors: {
      ...points,
      explained: {shape: [dims], data: Float32Array.from(pca.explained)},
      kept: {shape: perPath, data: fit === "token" ? keptMotion : kept}, // a centred trajectory has no place, only motion
      kept_motion: {shape: perPath, data: keptMotion},
      axes: {shape: [dims, pca.axes.cols], data: pca.axes.data},
      mean: {shape: [pca.mean.length], data: pca.mean}
    },
    metadata: {rows: String(pca.fittedOn), ...(pca.axisErrors ? {axis_error: String(Math.max(...pca.axisErrors))} : {})}
  };
}

const PASSES_AFTER = 2; // for the scores, and for what they keep of each trajectory
const EXACT_COST = 3e8; // multiplications: about a third of a second

/** A basis, and the scores of the rows where it was made with them. */
interface Basis extends Pca {
  readonly axisErrors?: readonly number[];
  readonly scores?: Matrix;
}

/**
 * An exact basis where that is cheap, else one from a few passes over the rows, which have their scores from that if wanted; of the rows that are
 * finite. Of fewer columns than dimensions the further axes are rows of zeros.
 */
async function basisOf(
  source: RowSource,
  {dims, seed, scores, progress}: {dims: number; seed: number; scores: boolean} & Pick<ProjectionOptions, "progress">
): Promise<Basis> {
  const components = Math.min(dims, source.cols);
  const {found, rows} = await onFiniteRows(source, async (finite): Promise<Basis> => {
    const {rows, cols} = finite;
    if (rows * cols * Math.min(rows, cols) > EXACT_COST)
      return fitPcaSource(finite, {
        ...{components, random: seededRandom(seed), scores},
        progress: progress && ((pass, share) => progress((pass - 1 + share) / (mostPasses(finite) + PASSES_AFTER)))
      });
    const data = (await finite.read(0, rows, new Float32Array(rows * cols))).slice(0, rows * cols);
    return fitPca(matrixOf(rows, cols, data), {components});
  });
  return widened({...found, scores: found.scores && atTheirRows(found.scores, rows, source.rows)}, dims);
}

/** The basis with axes of zeros up to so many, along which nothing varies. */
function widened(basis: Basis, dims: number): Basis {
  const {axes, variances, explained, scores} = basis;
  if (axes.rows === dims) return basis;
  const zeros = new Array<number>(dims - axes.rows).fill(0);
  const wide = scores && matrixOf(scores.rows, dims, new Float32Array(scores.rows * dims));
  if (wide) for (let i = 0; i < wide.rows; ++i) rowOf(wide, i).set(rowOf(scores, i));
  const data = new Float32Array(dims * axes.cols);
  data.set(axes.data);
  return {
    ...basis,
    axes: matrixOf(dims, axes.cols, data),
    variances: [...variances, ...zeros],
    explained: [...explained, ...zeros],
    scores: wide
  };
}

/** One run's share of scores that go over all runs, or over the first. */
function scoresOf({cols, data}: Matrix, runs: readonly RowSource[], run: number): Matrix {
  const first = runs.slice(0, run).reduce((sum, {rows}) => sum + rows, 0);
  return matrixOf(runs[run].rows, cols, data.slice(first * cols, (first + runs[run].rows) * cols));
}

/** `trust` [inits, tokens], the mean trustworthiness of each sampled trajectory of this run; NaN where the sample has none. UMAP has no basis, so the runs are placed together or not at all. */
async function umapPicture(
  sites: readonly SteppedSite[],
  {dims, fit, seed}: ProjectionQuery,
  progress: ProjectionOptions["progress"]
): Promise<Picture> {
  if (fit === "chosen") throw new Refusal("invalid fit: chosen; umap places all states, so expected all, token or joint");
  if (fit !== "joint" && sites.length > 1)
    throw new Refusal(`invalid fit: ${fit}; umap has no basis to place other runs in, so expected joint`);
  refuseManyRows(sites.reduce((sum, site) => sum + rowsOfSite(site).rows, 0)); // before any is read
  const runs = await Promise.all(sites.map((site) => framed(site, fit)));
  const rows = joinedSource(runs);
  const {found, rows: finite} = await onFiniteRows(rows, (some) => umapProjection(some, {seed, dims, progress}));
  const {neighbours, neighbourRecall, engine, reducedTo, reducedShare} = found;
  const points = atTheirRows(found.points, finite, rows.rows);
  const trust = finite ? {...found.trust, rows: found.trust.rows.map((row) => finite[row])} : found.trust;
  const [site] = sites;
  const perPath = pathsOf(site);
  const sampled = trust.rows.filter((row) => row < runs[0].rows).length; // of this run: the rows ascend
  const own = {...trust, rows: trust.rows.subarray(0, sampled), values: trust.values.subarray(0, sampled)};
  const drawn = Object.fromEntries(
    runs.map((_, run) => [pointsName(run), {shape: shapeOf(sites[run], dims), data: scoresOf(points, runs, run).data}])
  );
  return {
    tensors: {
      ...drawn,
      trust: {shape: [site.inits.length, site.tokens.length], data: Float32Array.from(trustPerPath(own, perPath), (value) => value ?? NaN)}
    },
    metadata: {
      rows: String(rows.rows),
      engine,
      seed: String(seed),
      neighbours: String(neighbours),
      neighbour_recall: String(neighbourRecall),
      trustworthiness: String(trust.trustworthiness),
      trustworthiness_error: String(trust.standardError),
      reduced_to: String(reducedTo),
      reduced_share: String(reducedShare)
    }
  };
}
