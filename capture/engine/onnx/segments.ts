import type {TracedSite, TracedStage} from "./traceStage.ts";
import type {GraphNode} from "./onnxProto.ts";

/**
 * A run of nodes that is computed without a stop. A stage is one segment, unless a site's value may be replaced: then it is
 * cut there, so that the tap sees the value and the rest is computed from what the tap makes of it.
 */
export interface Segment {
  readonly nodes: readonly GraphNode[];
  /** Values that it is given: inputs of the stage, of the batch, or made by earlier segments. */
  readonly inputs: readonly string[];
  /** Weights and constants that it reads. */
  readonly parameters: readonly string[];
  /** Values that later segments, the taps or the caller need. */
  readonly outputs: readonly string[];
  /** Sites to show to the taps when the segment has run, in the order of the computation. */
  readonly sites: readonly TracedSite[];
}

/** Cuts a stage for taps that record some sites and may change others. */
export function segmentsOf(
  stage: TracedStage,
  {records, changes}: {readonly records: readonly string[]; readonly changes: readonly string[]}
): Segment[] {
  const wanted = stage.sites.filter(({name}) => records.includes(name) || changes.includes(name));
  const cuts = wanted.filter(({name}) => changes.includes(name)).map(({position}) => position);
  const ends = [...new Set([...cuts, stage.nodes.length])].sort((a, b) => a - b);
  return ends.map((end, i) => {
    const start = i === 0 ? 0 : ends[i - 1];
    const nodes = stage.nodes.slice(start, end);
    const sites = wanted.filter(({position}) => (i === 0 || position > start) && position <= end);
    const made = new Set(nodes.flatMap(({outputs}) => outputs));
    const read = [...new Set(nodes.flatMap(({inputs}) => inputs))].filter((name) => !made.has(name));
    const later = new Set([...stage.nodes.slice(end).flatMap(({inputs}) => inputs), ...stage.outputs, ...sites.map(({value}) => value)]);
    return {
      nodes,
      inputs: read.filter((name) => stage.values.has(name)),
      parameters: read.filter((name) => !stage.values.has(name)),
      outputs: [...made].filter((name) => later.has(name)),
      sites
    };
  });
}
