import {beyondWords, MEASURES, trainedEnd} from "../../../api/contract/choices.ts";
import {extentOf} from "../../plot/field.ts";
import {formatNumber} from "../../plot/format.ts";
import {amountColour, initColour, stepColour} from "../../plot/palette.ts";
import {endStep, type RunData} from "../runData.ts";
import {useStore} from "../../state/store.ts";
import {amountOf} from "../useColouring.ts";
import {usePalette} from "../../state/useTheme.ts";
import {LabelKey} from "../../parts/LabelKey.tsx";

/** What the colours of the trajectories mean, and the marks at their ends. */
export function TrajectoryLegend({data, ends = true}: {data: RunData; ends?: boolean}) {
  const palette = usePalette();
  const colour = useStore((state) => state.view.colour);
  const measure = amountOf(colour, data);
  const isLog = measure !== undefined && MEASURES[measure].scale === "log";
  const lastStep = endStep(data);
  const inits = data.trace.inits.length;
  const end = trainedEnd(data.trace.trained_steps, lastStep);
  const ramp = (shade: (share: number) => string): string =>
    `linear-gradient(to right, ${Array.from({length: 9}, (_, i) => shade(i / 8)).join(", ")})`;
  const [low, high] = (measure && extentOf(data.fields[measure], {positive: isLog})) ?? [0, 1];
  return (
    <div className="legend">
      {colour === "step" && <Ramp from="step 0" to={String(lastStep)} image={ramp((share) => stepColour(palette, share))} />}
      {colour === "logstep" && <Ramp from="step 0" to={`${lastStep}, log`} image={ramp((share) => stepColour(palette, share))} />}
      {colour === "init" && (
        <Ramp from="init 1" to={String(inits)} image={ramp((share) => initColour(palette, share * (inits - 1), inits))} />
      )}
      {measure && (
        <Ramp
          from={`${MEASURES[measure].name} ${formatNumber(isLog ? low : Math.min(0, low))}`}
          to={`${formatNumber(high)} ${MEASURES[measure].unit}`}
          image={ramp((share) => amountColour(palette, 0.15 + 0.85 * share))}
        />
      )}
      {colour === "label" && <LabelKey />}
      {ends && (
        <>
          <span>
            <svg width="10" height="10" aria-hidden="true">
              <circle cx="5" cy="5" r="3.5" fill="none" stroke="currentColor" strokeWidth="1.5" />
            </svg>{" "}
            start
          </span>
          <span>
            <svg width="10" height="10" aria-hidden="true">
              <circle cx="5" cy="5" r="4" fill="currentColor" />
            </svg>{" "}
            last
          </span>
        </>
      )}
      {end !== undefined && (
        <span className="trained-key">
          <svg width="12" height="12" aria-hidden="true">
            <path d="M6 1L11 6L6 11L1 6Z" fill="none" stroke="currentColor" strokeWidth="1.25" />
          </svg>{" "}
          step {end}; paler: {beyondWords(end)}
        </span>
      )}
    </div>
  );
}

function Ramp({from, to, image}: {from: string; to: string; image: string}) {
  return (
    <span className="ramp">
      {from} <span className="ramp-bar" style={{backgroundImage: image}} /> {to}
    </span>
  );
}
