import {useState} from "react";
import {Changes} from "../parts/Changes.tsx";
import {showDialog} from "../state/store.ts";
import {endFirstVisit, firstVisit} from "../state/visits.ts";

/** Three things to do first; gone for good once dismissed. */
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
          <b>Choose a token</b> above: its path through the model's latent space is drawn in colour, from the first step (dark) to the last.
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
      <button type="button" className="quiet" onClick={close}>
        Got it
      </button>
    </section>
  );
}
