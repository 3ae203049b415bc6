import type {Initializer} from "./onnxProto.ts";
import type {EightBitWeight, WeightSource} from "./weightSource.ts";

/** One of equal pieces of a weight's rows. */
export interface WeightPart {
  readonly weight: string;
  /** From 0 to `parts` − 1. */
  readonly part: number;
  readonly parts: number;
}

/** A source that also knows parts of its weights, by names of their own. A weight that several parts are taken of is read once. */
export function withParts(
  {plain, eightBit}: Pick<WeightSource, "plain" | "eightBit">,
  parts: ReadonlyMap<string, WeightPart>
): Pick<WeightSource, "plain" | "eightBit"> {
  const plainOnce = once(plain);
  const eightBitOnce = once(eightBit);
  return {
    async plain(name) {
      const part = parts.get(name);
      return part ? rowsOf(await plainOnce(part.weight), name, part) : plain(name);
    },
    async eightBit(name) {
      const part = parts.get(name);
      const whole = part ? await eightBitOnce(part.weight) : await eightBit(name);
      return part && whole ? eightBitRowsOf(whole, part) : whole;
    }
  };
}

const eightBitRowsOf = ({weights, scales, blockSize}: EightBitWeight, part: WeightPart): EightBitWeight => {
  const named = (whole: Initializer) => rowsOf(whole, `${whole.name} part ${part.part + 1} of ${part.parts}`, part);
  return {blockSize, weights: named(weights), scales: named(scales)};
};

/** A part of the first axis: rows lie one after the other, so it is a piece of the bytes. */
function rowsOf({type, shape: [rows, ...rest], data}: Initializer, name: string, {part, parts}: WeightPart): Initializer {
  const shape = [rows / parts, ...rest];
  if (data instanceof Uint8Array) {
    const bytes = data.length / parts;
    return {name, type, shape, data: data.subarray(part * bytes, (part + 1) * bytes)};
  }
  const length = data.length / parts;
  return {name, type, shape, data: {location: data.location, offset: data.offset + part * length, length}};
}

function once<T>(read: (name: string) => Promise<T>): (name: string) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (name) => {
    const reading = known.get(name) ?? read(name);
    known.set(name, reading);
    return reading;
  };
}
