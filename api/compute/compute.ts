import {openTrace, type TraceReader} from "../../capture/trace/reader.ts";
import type {ProjectionQuery} from "../contract.ts";
import {metricsMessage} from "./metrics.ts";
import {runPatterns} from "./patterns.ts";
import {projectionMessage} from "./projection.ts";

/** An analysis of a run as a plain message: what it is called, and everything that its answer depends on beside the run. */
export type Computation =
  | {readonly kind: "metrics"; readonly site: string}
  | {readonly kind: "patterns"; readonly site: string}
  | {readonly kind: "projection"; readonly query: ProjectionQuery};

/** The answer's bytes: JSON for patterns, else a safetensors message. Throws a RangeError for a question that the run has no answer to. */
export async function compute(dir: string, computation: Computation): Promise<Uint8Array> {
  const reader = await openTrace(dir);
  try {
    return await answer(reader, computation);
  } finally {
    await reader.close();
  }
}

async function answer(reader: TraceReader, computation: Computation): Promise<Uint8Array> {
  switch (computation.kind) {
    case "metrics": return metricsMessage(reader, computation.site);
    case "patterns": return new TextEncoder().encode(JSON.stringify(await runPatterns(reader, computation.site)));
    case "projection": return projectionMessage(reader, computation.query);
  }
}
