import {beyondColumn, type Trained} from "../../api/contract/choices.ts";
import {extentOf, type Field} from "../plot/field.ts";
import {tableCsv} from "../plot/csv.ts";

type Column = readonly (number | null)[];

/** Curves by step as one field, a token for each and a single init; null where there is no number becomes NaN. */
export function fieldOfCurves(curves: readonly Column[]): Field {
  const steps = Math.max(0, ...curves.map(({length}) => length));
  const values = new Float32Array(steps * curves.length).fill(NaN);
  curves.forEach((curve, token) => curve.forEach((value, step) => (values[step * curves.length + token] = value ?? NaN)));
  return {steps, inits: 1, tokens: curves.length, values};
}

/** Curves by step as a table, a column for each, and one for what lies beyond the trained steps where these are known. */
export function curvesCsv(columns: Readonly<Record<string, Column>>, trained?: Trained): string {
  const beyond = beyondColumn(trained);
  const steps = Math.max(0, ...Object.values(columns).map(({length}) => length));
  return tableCsv(
    ["step", ...beyond.names, ...Object.keys(columns)],
    Array.from({length: steps}, (_, step) => [step, ...beyond.cells(step), ...Object.values(columns).map((column) => column[step])])
  );
}

/** Ends of a log axis that hold all curves of a field and, below them, its floor; undefined where nothing is above zero. */
export function endsWithFloor(field: Field, floor: number): readonly [number, number] | undefined {
  const extent = extentOf(field, {positive: true});
  return extent && [Math.min(extent[0], floor > 0 ? floor : Infinity) / 2, extent[1] * 1.15];
}
