import type {RowSource} from "./rowSource.ts";
import {Refusal} from "../../capture/trace/refusal.ts";

/** The rows of several sources one after the other, for a basis that is fitted on all of them. Throws a Refusal for none, and for sources of different widths. */
export function joinedSource(sources: readonly RowSource[]): RowSource {
  if (sources.length === 0) throw new Refusal("invalid sources: 0; expected at least one");
  const [{cols}] = sources;
  for (const source of sources)
    if (source.cols !== cols) throw new Refusal(`invalid width: ${source.cols}; expected ${cols}, as in the first source`);
  if (sources.length === 1) return sources[0];
  return {
    rows: sources.reduce((sum, {rows}) => sum + rows, 0),
    cols,
    async read(start, count, into) {
      let first = 0; // of the source, among all rows
      for (const source of sources) {
        const [from, to] = [Math.max(start, first), Math.min(start + count, first + source.rows)];
        if (from < to) {
          const room = into.subarray((from - start) * cols, (to - start) * cols);
          const part = await source.read(from - first, to - from, room);
          if (part.buffer !== room.buffer || part.byteOffset !== room.byteOffset) room.set(part); // a matrix gives a view of its own
        }
        first += source.rows;
      }
      return into.subarray(0, count * cols);
    }
  };
}
