import {PATTERNS} from "../../api/contract/choices.ts";
import {LabelDrawing} from "./LabelDrawing.tsx";
import {LABEL_WORDS} from "./labelWords.ts";

/** The labels, each with a small drawing and what it says. */
export function LabelLegend({name}: {/** For whoever hears the page. */ readonly name?: string}) {
  return (
    <dl className="four-words" aria-label={name}>
      {PATTERNS.map((label) => (
        <div key={label}>
          <LabelDrawing label={label} />
          <dt className={`label-text ${label}`}>{label}</dt>
          <dd>{LABEL_WORDS[label]}</dd>
        </div>
      ))}
    </dl>
  );
}
