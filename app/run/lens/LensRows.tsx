import {useEffect} from "react";
import {LENS_MEASURES, MEASURES} from "../../../api/contract/choices.ts";
import {MethodLink} from "../../parts/MethodLink.tsx";
import {useRowWindow} from "../../parts/useRowWindow.ts";
import {point} from "../../state/store.ts";
import type {RunData} from "../runData.ts";
import {LensRow} from "./LensRow.tsx";
import type {LensReading} from "./useLens.ts";

const ROW = 24; // pixels, as in run/lens.css
const WORDS = 5;
const WORDS_BESIDE = 3; // of each of several lenses

interface LensRowsProps {
  readonly data: RunData;
  readonly readings: readonly LensReading[];
  readonly init: number;
  readonly token: number;
  readonly step: number;
}

/** A line for each step; only the rows in sight are there, and the row of the step looked at comes into sight. */
export function LensRows({data, readings, init, token, step}: LensRowsProps) {
  const steps = Math.max(...readings.map(({readout}) => readout.steps));
  const {place, from, to} = useRowWindow(steps, ROW, "");
  // biome-ignore lint/correctness/useExhaustiveDependencies: another token's row comes into sight as another step's does
  useEffect(() => {
    const node = place.current as HTMLDivElement;
    const top = step * ROW;
    if (top < node.scrollTop + ROW || top > node.scrollTop + node.clientHeight - 2 * ROW) node.scrollTop = top - node.clientHeight / 2;
  }, [step, token]);
  const words = readings.length > 1 ? WORDS_BESIDE : WORDS;
  return (
    <div ref={place} className="lens-scroll" tabIndex={0} role="region" aria-label="Readout table" onMouseLeave={() => point(undefined)}>
      <table aria-rowcount={steps + 1}>
        <LensHead readings={readings} words={words} />
        <tbody>
          {from > 0 && <tr aria-hidden="true" style={{height: from * ROW}} />}
          {Array.from({length: to - from}, (_, i) => (
            <LensRow
              key={from + i}
              readings={readings}
              words={words}
              spot={{step: from + i, init, token}}
              lastStep={data.lastStep}
              trained={data.trace.trained_steps}
              current={from + i === step}
            />
          ))}
          {to < steps && <tr aria-hidden="true" style={{height: (steps - to) * ROW}} />}
        </tbody>
      </table>
    </div>
  );
}

/** What stands in the columns: of a single lens also how sure it is. */
function LensHead({readings, words}: {readings: readonly LensReading[]; words: number}) {
  return (
    <thead>
      <tr>
        <th scope="col">step</th>
        {readings.map(({lens, readout}) => (
          <th key={lens} scope="col" colSpan={Math.min(words, readout.top)}>
            {readings.length > 1 ? `${lens} lens` : "likeliest, with probability"}
          </th>
        ))}
        {readings.length === 1 &&
          LENS_MEASURES.map((key) => (
            <th key={key} scope="col" className="number" title={MEASURES[key].title}>
              <MethodLink of={MEASURES[key].name}>{MEASURES[key].name}</MethodLink>
            </th>
          ))}
      </tr>
    </thead>
  );
}
