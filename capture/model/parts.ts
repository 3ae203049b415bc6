import type {Model} from "./family.ts";

type Parts = Pick<Model, "parts" | "carriedWidth">;

/** One part of carried rows, by name; defaults to the first. A copy where there are several, the rows themselves where not. */
export function partOf(model: Parts, carried: Float32Array, name = model.parts[0].name): Float32Array {
  if (model.parts.length === 1) return carried;
  const {offset, width} = placeOf(model, name);
  const rows = carried.length / model.carriedWidth;
  const part = new Float32Array(rows * width);
  for (let row = 0; row < rows; ++row) {
    const start = row * model.carriedWidth + offset;
    part.set(carried.subarray(start, start + width), row * width);
  }
  return part;
}

/** Carried rows with one part replaced; defaults to the first. A copy where there are several parts, the value itself where not. */
export function withPart(
  model: Parts,
  carried: Float32Array,
  {name = model.parts[0].name, value}: {readonly name?: string; readonly value: Float32Array}
): Float32Array {
  if (model.parts.length === 1) return value;
  const {offset, width} = placeOf(model, name);
  const changed = carried.slice();
  for (let row = 0; row * width < value.length; ++row)
    changed.set(value.subarray(row * width, (row + 1) * width), row * model.carriedWidth + offset);
  return changed;
}

function placeOf({parts}: Parts, name: string): {readonly offset: number; readonly width: number} {
  let offset = 0;
  for (const part of parts) {
    if (part.name === name) return {offset, width: part.width};
    offset += part.width;
  }
  throw new Error(`unknown part of the state: ${name}; one of ${parts.map((part) => part.name).join(", ")}`);
}
