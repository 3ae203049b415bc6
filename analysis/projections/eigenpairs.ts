import {randomNormal} from "d3-random";
import {EVD, Matrix as SmallMatrix} from "ml-matrix";
import {seededRandom} from "../random.ts";
import {inner, orthonormalised, restarted, ritzPairs, type Subspace} from "./krylov.ts";

interface Eigenpairs {
  /** Largest first. */
  readonly values: readonly number[];
  /** Unit vectors, in the order of the values. */
  readonly vectors: readonly Float64Array[];
}

const DENSE_SIZE = 160; // up to here the full decomposition is as fast as an iteration
const CONVERGED = 1e-12; // residual, as a share of the largest eigenvalue
const MAX_ROUNDS = 100; // a spectrum this flat is left to the full decomposition
const OVERSAMPLING = 8;
const BLOCKS_KEPT = 4;

/** The `count` leading eigenpairs of a symmetric n × n matrix, positive semidefinite and row-major. */
export function leadingEigenpairs(S: Float64Array, count: number): Eigenpairs {
  const n = Math.sqrt(S.length);
  return (n > DENSE_SIZE && iterated(S, n, count)) || decomposed(S, n, count);
}

function decomposed(S: Float64Array, n: number, count: number): Eigenpairs {
  const evd = new EVD(SmallMatrix.from1DArray(n, n, S), {assumeSymmetric: true});
  const leading = evd.realEigenvalues
    .map((_, i) => i)
    .sort((a, b) => evd.realEigenvalues[b] - evd.realEigenvalues[a])
    .slice(0, count);
  return {
    values: leading.map((i) => evd.realEigenvalues[i]),
    vectors: leading.map((i) => Float64Array.from(evd.eigenvectorMatrix.getColumn(i)))
  };
}

/** Block Krylov iteration down to rounding, or undefined when that takes too long. The start does not show in the answer. */
function iterated(S: Float64Array, n: number, count: number): Eigenpairs | undefined {
  const width = Math.min(n, count + OVERSAMPLING);
  const normal = randomNormal.source(seededRandom(0))();
  let block = orthonormalised(
    Array.from({length: width}, () => Float64Array.from({length: n}, () => normal())),
    []
  );
  let subspace: Subspace = {basis: [], images: []};
  for (let round = 0; round < MAX_ROUNDS; ++round) {
    subspace = {basis: [...subspace.basis, ...block], images: [...subspace.images, ...block.map((vector) => product(S, vector))]};
    const ritz = ritzPairs(subspace, (BLOCKS_KEPT - 1) * width);
    const settled = ritz.residuals.slice(0, count).every((r) => inner(r, r) <= (CONVERGED * ritz.values[0]) ** 2);
    block = settled ? [] : orthonormalised(ritz.residuals.slice(0, width), subspace.basis);
    if (block.length === 0) return {values: ritz.values.slice(0, count), vectors: ritz.vectors.slice(0, count)};
    if (subspace.basis.length >= BLOCKS_KEPT * width) subspace = restarted(subspace, ritz);
  }
  return undefined;
}

function product(S: Float64Array, x: Float64Array): Float64Array {
  const n = x.length;
  return Float64Array.from({length: n}, (_, i) => inner(S.subarray(i * n, (i + 1) * n), x));
}
