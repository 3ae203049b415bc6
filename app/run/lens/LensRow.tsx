import {Fragment, type CSSProperties} from "react";
import {beyondNote, isBeyond, LENS_MEASURES, type Trained} from "../../../api/contract/choices.ts";
import {valueAt} from "../../plot/field.ts";
import {formatProbability, formatShort, tokenLabel} from "../../plot/format.ts";
import {topWordsAt} from "../../plot/readout.ts";
import {stepTo} from "../selection.ts";
import {point, useStore} from "../../state/store.ts";
import type {LensReading} from "./useLens.ts";
import type {Spot} from "../../plot/spot.ts";

interface LensRowProps {
  readonly readings: readonly LensReading[];
  /** Words of each reading. */
  readonly words: number;
  readonly spot: Spot;
  readonly lastStep: number;
  /** Steps that the model was trained with. */
  readonly trained: Trained;
  readonly current: boolean;
}

/** One step: the likeliest words of each lens, and of a single one how sure it is. */
export function LensRow({readings, words, spot, lastStep, trained, current}: LensRowProps) {
  const {step, init, token} = spot;
  const hovered = useStore(({hover}) => hover?.step === step && hover.token === token);
  const beyond = beyondNote(trained, step);
  const isFirstBeyond = beyond !== "" && !isBeyond(trained, step - 1);
  const marks = [current && "current", hovered && "hovered", beyond && "beyond", isFirstBeyond && "first-beyond"];
  return (
    <tr
      aria-rowindex={step + 2}
      className={marks.filter(Boolean).join(" ")}
      title={beyond ? `step ${step}${beyond}` : undefined}
      onClick={() => stepTo(step, lastStep)}
      onMouseEnter={() => point(spot)}
    >
      <th scope="row">
        <button type="button" tabIndex={-1} aria-current={current ? "step" : undefined}>
          {step}
          {beyond && <span className="visually-hidden">{beyond}</span>}
        </button>
      </th>
      {readings.map(({lens, readout}, k) => (
        <Fragment key={lens}>
          {topWordsAt(readout, spot)
            .slice(0, words)
            .map(({id, text, logProbability}, rank) => (
              <td
                key={id}
                className={k > 0 && rank === 0 ? "apart" : undefined}
                style={{"--share": Math.exp(logProbability).toFixed(3)} as CSSProperties}
                title={`${lens}: ${tokenLabel(text)}, ${formatProbability(logProbability)}`}
              >
                <span className="word">{tokenLabel(text)}</span>
              </td>
            ))}
        </Fragment>
      ))}
      {readings.length === 1 &&
        LENS_MEASURES.map((key) => {
          const field = readings[0].fields[key];
          return (
            <td key={key} className="number">
              {field ? formatShort(valueAt(field, step, init, token)) : "–"}
            </td>
          );
        })}
    </tr>
  );
}
