import {PATTERNS} from "../../api/contract/choices.ts";
import {LabelSign} from "./LabelSign.tsx";

/** The signs of the labels, and their names. */
export function LabelKey() {
  return (
    <>
      {PATTERNS.map((label) => (
        <span key={label} className="label-key">
          <LabelSign label={label} /> {label}
        </span>
      ))}
    </>
  );
}
