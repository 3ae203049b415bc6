import {beyondColumn, type Trained} from "../../../api/contract/choices.ts";
import type {PortraitInfo} from "../../../api/contract/contract.ts";

/** The picture of one trajectory's label, with the other initial states of its token; see `portraitInfoSchema`. */
export interface PortraitData {
  readonly info: PortraitInfo;
  /** How many states from the first step on. */
  readonly steps: number;
  /** `[step][init][2]`, inits by place in `info.inits`. */
  readonly points: ArrayLike<number>;
  /** `[step][init]` */
  readonly along: ArrayLike<number>;
  /** At the steps of the window. */
  readonly fitted: ArrayLike<number>;
  /** `[point][2]` */
  readonly curve: ArrayLike<number>;
  /** `[i][j]`, of `recurrenceSteps` steps. */
  readonly recurrence: ArrayLike<number>;
  readonly recurrenceSteps: number;
}

type Numbers = Readonly<Record<string, {readonly shape: readonly number[]; readonly data: ArrayLike<number>}>>;

/** A portrait out of the tensors of its message. */
export const portraitData = (info: PortraitInfo, {points, along, fitted, curve, recurrence}: Numbers): PortraitData => ({
  info,
  steps: points.shape[0],
  points: points.data,
  along: along.data,
  fitted: fitted.data,
  curve: curve.data,
  recurrence: recurrence.data,
  recurrenceSteps: recurrence.shape[0]
});

/** Place of the initial state that is drawn in colour. */
export const ownPlace = ({info}: PortraitData): number => info.inits.indexOf(info.init);

/** Where a state lies; NaN for a step that the portrait does not have. */
export function pointAt({info, steps, points}: PortraitData, step: number, place: number): readonly [number, number] {
  const row = step - info.first_step;
  if (row < 0 || row >= steps) return [NaN, NaN];
  const at = 2 * (row * info.inits.length + place);
  return [points[at], points[at + 1]];
}

/** What is drawn against the step; NaN for a step that the portrait does not have. */
export function alongAt({info, steps, along}: PortraitData, step: number, place: number): number {
  const row = step - info.first_step;
  return row < 0 || row >= steps ? NaN : along[row * info.inits.length + place];
}

export const fittedAt = ({info, fitted}: PortraitData, step: number): number => fitted[step - info.window[0]] ?? NaN;

export const lastOf = ({info, steps}: PortraitData): number => info.first_step + steps - 1;

/** All steps of a portrait. */
export const stepsOf = ({info, steps}: PortraitData): number[] => Array.from({length: steps}, (_, i) => info.first_step + i);

/** How far round an orbit or spiral a step is, 0 to 1; NaN for what does not turn. */
export function phaseAt({info: {period, phase_step}}: PortraitData, step: number): number {
  if (period === null) return NaN;
  const turns = (step - phase_step) / period;
  return turns - Math.floor(turns);
}

/** A portrait's numbers by step and init, as CSV. */
export function portraitCsv(data: PortraitData, {head = true, trained}: {head?: boolean; trained?: Trained} = {}): string {
  const {info} = data;
  const own = ownPlace(data);
  const beyond = beyondColumn(trained);
  const cell = (value: number | string): string => (Number.isNaN(value) ? "" : String(value));
  const rows = stepsOf(data).flatMap((step) =>
    info.inits.map((init, place) =>
      [
        info.token,
        info.pattern,
        step,
        init,
        ...beyond.cells(step),
        ...pointAt(data, step, place),
        alongAt(data, step, place),
        place === own ? fittedAt(data, step) : NaN
      ]
        .map(cell)
        .join(",")
    )
  );
  return `${head ? `${["token", "pattern", "step", "init", ...beyond.names, "x", "y", "along", "fitted"].join(",")}\n` : ""}${rows.join("\n")}\n`;
}
