import type {Pattern} from "../../api/contract/choices.ts";

const SIGNS: Readonly<Record<Pattern, string>> = {
  converging: "M1.5 1.5 5 5M10.5 1.5 7 5M1.5 10.5 5 7M10.5 10.5 7 7", // four strokes towards a point
  orbit: "M6 1.5a4.5 4.5 0 1 1-.01 0",
  slider: "M1 6h9.5M7 2.5 10.5 6 7 9.5",
  unsettled: "M1.5 7.5c1.5-4 3-4 4.5-1.5s3 2.5 4.5-1.5"
};

/** The sign of a label: its colour and a shape of its own, for those who do not see the colour. */
export function LabelSign({label}: {label: Pattern}) {
  return (
    <svg
      className="label-sign"
      data-label={label}
      width="12"
      height="12"
      viewBox="0 0 12 12"
      fill="none"
      stroke={`var(--${label})`}
      strokeWidth="1.75"
      strokeLinecap="round"
      aria-hidden="true"
    >
      <path d={SIGNS[label]} />
    </svg>
  );
}
