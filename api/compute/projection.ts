import {fitRows, projectStates} from "../../analysis/projections/fitSet.ts";
import {fitPca} from "../../analysis/projections/pca.ts";
import type {TraceReader} from "../../capture/trace/reader.ts";
import {encodeSafetensors} from "../../capture/trace/safetensors.ts";
import type {ProjectionQuery} from "../contract.ts";
import {indicesOf} from "../indicesOf.ts";
import {sliceStates} from "./siteStates.ts";

/** A run drawn in few dimensions: `points` [steps, inits, tokens, dims] and, for PCA, `explained` [dims], as one safetensors message. */
export async function projectionMessage(reader: TraceReader, {method, dims, fit, site, tokens}: ProjectionQuery): Promise<Uint8Array> {
  if (method === "umap") throw new RangeError("unsupported method: umap; expected pca");
  const states = sliceStates(await reader.readSite(site));
  const centred = fit === "token";
  const rows = fitRows([{states, tokens: indicesOf(tokens)}], {centred});
  const pca = fitPca(rows, {components: dims});
  const points = projectStates(pca, states, {centred});
  return encodeSafetensors(
    {
      points: {shape: [points.steps, points.inits, points.tokens, points.width], data: points.data},
      explained: {shape: [dims], data: Float32Array.from(pca.explained)}
    },
    {method, fit, site, rows: String(pca.fittedOn), ...(tokens === undefined ? {} : {tokens})}
  );
}
