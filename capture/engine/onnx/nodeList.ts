import type {Attribute, ElementType, GraphNode, ValueInfo} from "./onnxProto.ts";

/** A constant that a trace made: shapes, factors. */
export interface Constant {
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

/**
 * A value of the trace: rows [inits · tokens, width], the same as a batch [inits, tokens, width], that with earlier positions
 * before it [inits, keys, width], or apart by heads [inits, heads, tokens, width].
 */
export interface Traced {
  readonly name: string;
  readonly form: "rows" | "batch" | "past" | "heads";
  readonly width: number;
  /** Of the form `heads`. */
  readonly heads?: number;
}

type Like = Omit<Traced, "name">;

/** Nodes as they are written down, with the values that they make. */
export interface NodeList {
  readonly nodes: readonly GraphNode[];
  readonly constants: ReadonlyMap<string, Constant>;
  readonly values: ReadonlyMap<string, ValueInfo>;
  /** A value that is there without a node. */
  give(info: ValueInfo): void;
  /** A node with one output, of this form and width. */
  emit(op: string, inputs: readonly string[], like: Like, attributes?: Record<string, Attribute>, domain?: string): Traced;
  /** A node with an output for each of these forms. */
  emitAll(op: string, inputs: readonly string[], likes: readonly Like[], attributes?: Record<string, Attribute>): readonly Traced[];
  /** The same numbers in the other arrangement; made once for each value. */
  as(form: "rows" | "batch", x: Traced): Traced;
  /** The names of constants, which are made when they are asked for first. */
  integers(...numbers: readonly number[]): string;
  number(value: number): string;
  /** Ones, as many as a row is wide. */
  ones(width: number): string;
}

/** An empty list; `given` are values that are there without a node. */
export function nodeList(given: readonly ValueInfo[]): NodeList {
  const nodes: GraphNode[] = [];
  const constants = new Map<string, Constant>();
  const values = new Map(given.map((info) => [info.name, info]));
  const reshaped = new Map<string, Traced>();

  const declare = (traced: Traced): Traced => {
    values.set(traced.name, {name: traced.name, type: "float32", shape: shapeOf(traced)});
    return traced;
  };
  const constant = (name: string, type: ElementType, shape: readonly number[], data: BigInt64Array | Float32Array): string => {
    constants.set(name, {type, shape, data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength)});
    return name;
  };
  const emit: NodeList["emit"] = (op, inputs, like, attributes = {}, domain = "") => {
    const traced = declare({...like, name: `v${nodes.length}`});
    nodes.push({op, domain, inputs, outputs: [traced.name], attributes});
    return traced;
  };
  const integers = (...numbers: readonly number[]) =>
    constant(`integers_${numbers.join("_")}`, "int64", [numbers.length], BigInt64Array.from(numbers, BigInt));
  return {
    nodes,
    constants,
    values,
    give: (info) => void values.set(info.name, info),
    emit,
    emitAll: (op, inputs, likes, attributes = {}) => {
      const made = likes.map((like, i) => declare({...like, name: `v${nodes.length}_${i}`}));
      nodes.push({op, domain: "", inputs, outputs: made.map(({name}) => name), attributes});
      return made;
    },
    as: (form, x) => {
      if (x.form === form) return x;
      const key = `${x.name} as ${form}`;
      const made =
        reshaped.get(key) ?? emit("Reshape", [x.name, form === "batch" ? "batch_shape" : integers(-1, x.width)], {form, width: x.width});
      reshaped.set(key, made);
      return made;
    },
    integers,
    number: (value) => constant(`number_${value}`, "float32", [], Float32Array.of(value)),
    ones: (width) => constant(`ones_${width}`, "float32", [width], new Float32Array(width).fill(1))
  };
}

/** The widths of attention weights are keys, whose number is known only when the graph is run. */
export const KEYS = NaN;

function shapeOf({form, width, heads}: Traced): readonly (number | string)[] {
  const last = Number.isNaN(width) ? "keys" : width;
  if (form === "rows") return ["rows", last];
  if (form === "past") return ["inits", "keys", last];
  return form === "batch" ? ["inits", "tokens", last] : ["inits", heads ?? 1, "tokens", last];
}
