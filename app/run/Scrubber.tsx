import type {CSSProperties} from "react";
import {beyondNote, beyondWords, trainedEnd} from "../../api/contract/choices.ts";
import {togglePlaying} from "./play.ts";
import {endStep, type RunData} from "./runData.ts";
import {stepTo} from "./selection.ts";
import {useStore} from "../state/store.ts";
import {Icon} from "../parts/Icon.tsx";

/** The step looked at, as a slider, with play. */
export function Scrubber({data, step}: {data: RunData; step: number}) {
  const playing = useStore((state) => state.playing);
  const {lastStep, trace} = data;
  const beyond = beyondNote(trace.trained_steps, step);
  const end = trainedEnd(trace.trained_steps, lastStep);
  return (
    <div className="scrubber" role="group" aria-label="Step">
      <button
        type="button"
        className="icon"
        onClick={() => stepTo(step - 1, lastStep)}
        disabled={step === 0}
        aria-label="One step back"
        title="One step back (,)"
      >
        <Icon name="back" />
      </button>
      <button
        type="button"
        className="icon play"
        onClick={() => togglePlaying(lastStep)}
        aria-label={playing ? "Pause" : "Play"}
        title={`${playing ? "Pause" : "Play"} (space)`}
      >
        <Icon name={playing ? "pause" : "play"} />
      </button>
      <button
        type="button"
        className="icon"
        onClick={() => stepTo(step + 1, lastStep)}
        disabled={step === lastStep}
        aria-label="One step forward"
        title="One step forward (.)"
      >
        <Icon name="forward" />
      </button>
      <span
        className={end === undefined ? "range" : "range has-beyond"}
        style={end === undefined ? undefined : ({"--trained": end / lastStep} as CSSProperties)}
      >
        <input
          type="range"
          min={0}
          max={Math.max(1, lastStep)}
          value={step}
          aria-label="Step"
          aria-valuetext={`step ${step} of ${lastStep}${beyond}`}
          onChange={({target}) => stepTo(Number(target.value), lastStep)}
        />
      </span>
      <StepNow data={data} step={step} />
    </div>
  );
}

/** The step in figures, and whether it lies beyond the trained ones. */
function StepNow({data, step}: {data: RunData; step: number}) {
  const {trace, lastStep} = data;
  const end = trainedEnd(trace.trained_steps, lastStep);
  const beyond = beyondNote(trace.trained_steps, step);
  return (
    <output className="step-now">
      step <b>{step}</b> / {endStep(data)}
      {end !== undefined && (
        <span className="beyond-note" hidden={beyond === ""}>
          {beyondWords(end)}
        </span>
      )}
    </output>
  );
}
