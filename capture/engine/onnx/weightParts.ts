import type {Initializer} from "./onnxProto.ts";
import type {EightBitWeight, WeightSource} from "./weightSource.ts";

/** Some of a weight's rows, from `from` up to, and without, `to`. */
export interface WeightPart {
  readonly weight: string;
  readonly from: number;
  readonly to: number;
}

/** What a graph calls a part, or the part of a tensor beside the weight. */
export const partName = ({weight, from, to}: WeightPart): string => `${weight} rows ${from} to ${to}`;

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
      return part ? rowsOf(await plainOnce(part.weight), part) : plain(name);
    },
    async eightBit(name) {
      const part = parts.get(name);
      const whole = part ? await eightBitOnce(part.weight) : await eightBit(name);
      return part && whole ? eightBitRowsOf(whole, part) : whole;
    }
  };
}

/** Scales lie one after the other, as many for each row. */
const eightBitRowsOf = ({weights, scales, blockSize}: EightBitWeight, {from, to}: WeightPart): EightBitWeight => {
  const perRow = scales.shape[0] / weights.shape[0];
  return {
    blockSize,
    weights: rowsOf(weights, {weight: weights.name, from, to}),
    scales: rowsOf(scales, {weight: scales.name, from: from * perRow, to: to * perRow})
  };
};

/** A part of the first axis: rows lie one after the other, so it is a piece of the bytes. */
function rowsOf({type, shape: [rows, ...rest], data}: Initializer, part: WeightPart): Initializer {
  const {from, to} = part;
  const name = partName(part);
  const shape = [to - from, ...rest];
  if (data instanceof Uint8Array) {
    const bytes = data.length / rows;
    return {name, type, shape, data: data.subarray(from * bytes, to * bytes)};
  }
  const length = data.length / rows;
  return {name, type, shape, data: {location: data.location, offset: data.offset + from * length, length: (to - from) * length}};
}

function once<T>(read: (name: string) => Promise<T>): (name: string) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (name) => {
    const reading = known.get(name) ?? read(name);
    known.set(name, reading);
    return reading;
  };
}
