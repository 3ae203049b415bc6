import type {Pattern} from "../../api/contract/choices.ts";

interface Sketch {
  /** The path, as lines from state to state. */
  readonly path: string;
  readonly dots: readonly (readonly [number, number])[];
}

const turn = (radius: number, degrees: number): readonly [number, number] => [
  36 + radius * Math.cos((degrees * Math.PI) / 180),
  22 + 0.75 * radius * Math.sin((degrees * Math.PI) / 180)
];
const pathOf = (dots: Sketch["dots"], closed = false): string =>
  `M${dots.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}${closed ? "Z" : ""}`;

const ROUND = Array.from({length: 8}, (_, i) => turn(18, 45 * i));
const INWARD = [30, 17, 9.6, 5.4, 3, 1.7].map((left, i): readonly [number, number] => [
  42 - 1.15 * left,
  28 - 0.7 * left - (i === 0 ? 2 : 0)
]);
const AHEAD = Array.from({length: 7}, (_, i): readonly [number, number] => [8 + 9 * i, 34 - 4 * i]);
const ANYWHERE: Sketch["dots"] = [
  [12, 14],
  [30, 32],
  [24, 10],
  [46, 24],
  [40, 36],
  [60, 12],
  [54, 30]
];

const SKETCHES: Readonly<Record<Pattern, Sketch>> = {
  converging: {path: pathOf(INWARD), dots: INWARD},
  orbit: {path: pathOf(ROUND, true), dots: ROUND},
  slider: {path: pathOf(AHEAD), dots: AHEAD},
  unsettled: {path: pathOf(ANYWHERE), dots: ANYWHERE}
};

/** What a label's states look like, step by step, as a small drawing. */
export function LabelDrawing({label}: {label: Pattern}) {
  const {path, dots} = SKETCHES[label];
  return (
    <svg className="label-drawing" width="72" height="44" viewBox="0 0 72 44" aria-hidden="true" fill="none" stroke={`var(--${label})`}>
      <path d={path} strokeOpacity="0.55" strokeWidth="1.25" />
      {dots.map(([x, y], i) => (
        <circle
          key={`${x} ${y}`}
          cx={x}
          cy={y}
          r={2.1}
          stroke="none"
          fill={`var(--${label})`}
          fillOpacity={0.35 + (0.65 * i) / (dots.length - 1)}
        />
      ))}
    </svg>
  );
}
