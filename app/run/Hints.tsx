import {useState} from "react";
import {PATTERNS} from "../../api/contract/choices.ts";
import {Changes} from "../parts/Changes.tsx";
import {LabelDrawing} from "../parts/LabelDrawing.tsx";
import {LABEL_WORDS} from "../parts/labelWords.ts";
import {showDialog} from "../state/store.ts";
import {endFirstVisit, firstVisit} from "../state/visits.ts";

/** Three things to do first, and the four words of the page; gone for good once dismissed. */
export function Hints() {
  const [open, setOpen] = useState(firstVisit);
  if (!open) return null;
  const close = (): void => {
    endFirstVisit();
    setOpen(false);
  };
  return (
    <section className="hints" aria-label="First steps">
      <ol>
        <li>
          <b>Choose a token</b> above: what its state does from step to step is drawn below.
        </li>
        <li>
          <b>Move through the steps</b> with the slider, or press <kbd>space</kbd>: every view follows.
        </li>
        <Changes>
          <li>
            <button type="button" className="link" onClick={() => showDialog("capture")}>
              Capture a prompt of your own
            </button>{" "}
            and see it grow.
          </li>
        </Changes>
      </ol>
      <dl className="four-words">
        {PATTERNS.map((label) => (
          <div key={label}>
            <LabelDrawing label={label} />
            <dt className={`label-text ${label}`}>{label}</dt>
            <dd>{LABEL_WORDS[label]}</dd>
          </div>
        ))}
      </dl>
      <button type="button" className="quiet" onClick={close}>
        Got it
      </button>
    </section>
  );
}
