import {useState} from "react";
import {Changes} from "../parts/Changes.tsx";
import {LabelLegend} from "../parts/LabelLegend.tsx";
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
      <LabelLegend />
      <button type="button" className="quiet" onClick={close}>
        Got it
      </button>
    </section>
  );
}
