import type {ShownRow} from "../../api/contract/contract.ts";

/** A position of a wavefront after an iteration. */
export interface WaveCell {
  readonly id: number;
  readonly text: string;
  /** Steps that it has taken. */
  readonly steps: number;
  /** On its way with a token that may change; on its way with one that will not; or left behind. */
  readonly state: "open" | "frozen" | "done";
  /** The token is another one than an iteration before. */
  readonly changed: boolean;
  /** The freeze rule's value. */
  readonly value: number | null;
}

/** A wavefront as a table: rows are iterations, the first is how it began; columns are positions from `first` on. */
export interface WaveTable {
  readonly first: number;
  readonly columns: number;
  /** Shorter rows end where the wavefront did. */
  readonly rows: readonly (readonly WaveCell[])[];
}

/** What was at each position after each iteration: those that the window left behind stay as they were. */
export function waveTable(rows: readonly ShownRow[]): WaveTable {
  const first = rows[0]?.at ?? 0;
  const table: WaveCell[][] = [];
  for (const {at, ids, texts, steps, frozen, values} of rows) {
    const before = table.at(-1) ?? [];
    const done = before.slice(0, at - first).map((cell): WaveCell => ({...cell, state: "done", changed: false, value: null}));
    const window = ids.map((id, i): WaveCell => {
      const earlier = before[at - first + i];
      const changed = earlier !== undefined && earlier.id !== id;
      return {id, text: texts[i], steps: steps[i], state: at + i < frozen ? "frozen" : "open", changed, value: values[i] ?? null};
    });
    table.push([...done, ...window]);
  }
  return {first, columns: Math.max(0, ...table.map(({length}) => length)), rows: table};
}

/** Changes of tokens in all. */
export const changesIn = ({rows}: WaveTable): number => rows.reduce((sum, row) => sum + row.filter(({changed}) => changed).length, 0);
