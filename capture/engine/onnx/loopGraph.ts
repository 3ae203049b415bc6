import {Tensor} from "../../trace/onnxRuntime.ts";
import type {StepsOptions} from "../engine.ts";
import type {GraphNode, Initializer, OnnxGraph, ValueInfo} from "./onnxProto.ts";
import type {TracedStage} from "./traceStage.ts";

/** Names of what a loop's graph is given and gives beside a step's own inputs. */
export const LOOP = {
  /** How many steps. */
  count: "steps",
  /** The state that the first of them reads. */
  state: "first state",
  /** Keys and values of earlier positions, [1, entries, width], and which entries each attention reads at each step, [steps, attentions, keys]. */
  keys: "earlier keys",
  values: "earlier values",
  entries: "entries",
  /** The state after the last step; keys and values that all of them made, [steps, 1, tokens, attentions · width]. */
  end: "last state",
  madeKeys: "made keys",
  madeValues: "made values"
} as const;

/** The width of the keys of all its attentions, so that they can lie in one table; undefined where they differ. */
export const commonKeyWidth = ({attentions}: TracedStage): number | undefined =>
  attentions.length > 0 && attentions.every(({width}) => width === attentions[0].width) ? attentions[0].width : undefined;

/**
 * A graph of one step, in the cached form, as a graph of as many as asked for in one run: keys and values of earlier positions are picked
 * where they lie, and nothing leaves the graph between two steps. Its attentions are of one width.
 */
export function loopGraph(step: OnnxGraph, traced: TracedStage): OnnxGraph {
  const {
    attentions,
    inputs: [carriedInput]
  } = traced;
  const earlier = new Set(attentions.flatMap(({pastKeys, pastValues}) => [pastKeys, pastValues]));
  const carriedInfo = infoOf(step, carriedInput);
  const width = madeWidth(traced);
  const constants = new Set(step.initializers.map(({name}) => name));
  const isConstant = ({inputs}: GraphNode) => inputs.every((name) => constants.has(name));
  const once = step.nodes.filter(isConstant); // a 16-bit matrix is widened before the loop
  const body = loopBody({...step, nodes: step.nodes.filter((one) => !isConstant(one))}, traced);
  const numbers = attentions.map((_, i): Initializer => scalar(`attention ${i}`, i));
  const all = (name: string): ValueInfo => ({name, type: "float32", shape: ["inits", "entries", attentions[0].width]});
  return {
    nodes: [
      ...once,
      {
        op: "Loop",
        domain: "",
        inputs: [LOOP.count, "", LOOP.state],
        outputs: [LOOP.end, LOOP.madeKeys, LOOP.madeValues],
        attributes: {body: {graph: body}}
      }
    ],
    initializers: [...step.initializers, ...numbers],
    inputs: [
      {name: LOOP.count, type: "int64", shape: []},
      {...carriedInfo, name: LOOP.state},
      all(LOOP.keys),
      all(LOOP.values),
      {name: LOOP.entries, type: "int32", shape: ["steps", attentions.length, "picked"]},
      ...step.inputs.filter(({name}) => name !== carriedInput && !earlier.has(name))
    ],
    outputs: [
      {...carriedInfo, name: LOOP.end},
      madeOf(LOOP.madeKeys, ["steps", "inits", "tokens", width]),
      madeOf(LOOP.madeValues, ["steps", "inits", "tokens", width])
    ]
  };
}

/** One step as the loop repeats it: `step` without the nodes that are computed once. */
function loopBody(step: OnnxGraph, traced: TracedStage): OnnxGraph {
  const {
    attentions,
    inputs: [carriedInput],
    outputs: [carriedOutput]
  } = traced;
  const carriedInfo = infoOf(step, carriedInput);
  const width = madeWidth(traced);
  const picks = attentions.flatMap(({pastKeys, pastValues}, i): GraphNode[] => [
    gather("entries of step", `attention ${i}`, `entries ${i}`, 0),
    gather(LOOP.keys, `entries ${i}`, pastKeys, 1),
    gather(LOOP.values, `entries ${i}`, pastValues, 1)
  ]);
  return {
    nodes: [
      gather(LOOP.entries, "step", "entries of step", 0),
      ...picks,
      ...step.nodes,
      node(
        "Concat",
        attentions.map(({keys}) => keys),
        LOOP.madeKeys + " of step",
        {axis: -1}
      ),
      node(
        "Concat",
        attentions.map(({values}) => values),
        LOOP.madeValues + " of step",
        {axis: -1}
      ),
      node("Identity", ["goes on"], "goes on still", {})
    ],
    initializers: [],
    inputs: [{name: "step", type: "int64", shape: []}, {name: "goes on", type: "bool", shape: []}, carriedInfo],
    outputs: [
      {name: "goes on still", type: "bool", shape: []},
      {...carriedInfo, name: carriedOutput},
      madeOf(LOOP.madeKeys + " of step", ["inits", "tokens", width]),
      madeOf(LOOP.madeValues + " of step", ["inits", "tokens", width])
    ]
  };
}

const infoOf = ({inputs}: OnnxGraph, input: string): ValueInfo => inputs.find(({name}) => name === input)!;

/** Of the keys that all attentions make for one token. */
const madeWidth = ({attentions}: TracedStage): number => attentions[0].width * attentions.length;

/** Feeds that only a loop has. */
export function loopFeeds(
  {attentions}: TracedStage,
  state: Float32Array,
  {tokens, count, cache: {all, entries, length}}: Pick<StepsOptions, "tokens" | "count" | "cache">
): Map<string, Tensor> {
  const {width} = attentions[0];
  const table = (rows: Float32Array) => new Tensor("float32", rows, [1, rows.length / width, width]);
  return new Map<string, Tensor>([
    [LOOP.count, new Tensor("int64", BigInt64Array.of(BigInt(count)), [])],
    [LOOP.state, new Tensor("float32", state, [tokens, state.length / tokens])],
    [LOOP.keys, table(all.keys)],
    [LOOP.values, table(all.values)],
    [LOOP.entries, new Tensor("int32", entries, [count, attentions.length, length])]
  ]);
}

const node = (op: string, inputs: readonly string[], output: string, attributes: GraphNode["attributes"]): GraphNode => ({
  op,
  domain: "",
  inputs,
  outputs: [output],
  attributes
});

const gather = (from: string, at: string, to: string, axis: number): GraphNode => node("Gather", [from, at], to, {axis});

const scalar = (name: string, value: number): Initializer => ({
  name,
  type: "int64",
  shape: [],
  data: new Uint8Array(BigInt64Array.of(BigInt(value)).buffer)
});

const madeOf = (name: string, shape: ValueInfo["shape"]): ValueInfo => ({name, type: "float32", shape});
