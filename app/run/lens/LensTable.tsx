import {useEffect} from "react";
import {tokenLabel} from "../../plot/format.ts";
import {lensCsv} from "./lensCsv.ts";
import type {Remote} from "../../source/remote.ts";
import type {RunData} from "../runData.ts";
import {point, go, useStore} from "../../state/store.ts";
import {ownLens, useLens, type LensReading} from "./useLens.ts";
import {useRowWindow} from "../../parts/useRowWindow.ts";
import {LENSES, type Lens, type LensName} from "../../state/view.ts";
import {CsvButton} from "../../parts/CsvButton.tsx";
import {LensRow} from "./LensRow.tsx";

const ROW = 24; // pixels, as in run/lens.css
const WORDS = 5;
const WORDS_BESIDE = 3; // of each of two lenses

const LENS_TITLES: Readonly<Record<Lens, string>> = {
  coda: "Through the coda and the head",
  logit: "Through the head alone",
  both: "Both lenses side by side"
};

/** What the model would say at each step by one lens or both: the likeliest next tokens of the chosen token, and how sure it is. */
export function LensTable({data, chosen, step}: {data: RunData; chosen: readonly number[]; step: number}) {
  const token = chosen.at(-1);
  const init = Math.min(useStore((state) => state.view.init) ?? 0, data.trace.inits.length - 1);
  const shown = useStore((state) => state.view.lens) ?? ownLens(data);
  const coda = useLens(data, "coda", shown !== "logit");
  const logit = useLens(data, "logit", shown !== "coda");
  const asked: readonly (readonly [LensName, Remote<LensReading>])[] = [
    ...(shown === "logit" ? [] : [["coda", coda] as const]),
    ...(shown === "coda" ? [] : [["logit", logit] as const])
  ];
  const readings = asked.flatMap(([, lens]) => (lens.status === "ready" ? [lens.value] : []));
  if (token === undefined)
    return (
      <section className="panel lens">
        <p className="note">Choose a token to see what it would say at each step.</p>
      </section>
    );
  const name = tokenLabel(data.names[token]);
  return (
    <section className="panel lens" aria-label="Readout by step">
      <header className="panel-head">
        <h2>Next token after “{name}”</h2>
        <span className="note">
          init {init + 1}
          {readings.filter(({readFrom}) => readFrom).map(({lens, readFrom}) => `, ${lens} read from the stored ${readFrom} states`)}
        </span>
        <span className="header-space" />
        <div className="segments" role="group" aria-label="Lens">
          {LENSES.map((lens) => (
            <button
              key={lens}
              type="button"
              aria-pressed={lens === shown}
              title={LENS_TITLES[lens]}
              onClick={() => go({lens: lens === ownLens(data) ? undefined : lens})}
            >
              {lens}
            </button>
          ))}
        </div>
        {readings.length > 0 && (
          <CsvButton
            name={`${data.summary.id}-lens-${token}`}
            title={`readout after “${name}”`}
            csv={() => lensCsv(readings, {init, token, text: data.names[token]})}
          />
        )}
      </header>
      {asked.map(
        ([lens, remote]) =>
          remote.status !== "ready" && (
            <p key={lens} className="note">
              {remote.status === "loading"
                ? `Reading the stored states through the ${lens} lens …`
                : `No ${lens} lens: ${remote.error.message}.`}
            </p>
          )
      )}
      {readings.length > 0 && <LensRows data={data} readings={readings} init={init} token={token} step={step} />}
    </section>
  );
}

interface LensRowsProps {
  readonly data: RunData;
  readonly readings: readonly LensReading[];
  readonly init: number;
  readonly token: number;
  readonly step: number;
}

/** Only the rows in sight are there; the row of the step looked at comes into sight. */
function LensRows({data, readings, init, token, step}: LensRowsProps) {
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
        <thead>
          <tr>
            <th scope="col">step</th>
            {readings.map(({lens, readout}) => (
              <th key={lens} scope="col" colSpan={Math.min(words, readout.top)}>
                {readings.length > 1 ? `${lens} lens` : "likeliest, with probability"}
              </th>
            ))}
            {readings.length === 1 && (
              <>
                <th scope="col" className="number" title="Entropy, nats">
                  entropy
                </th>
                <th scope="col" className="number" title="KL to the previous step, nats">
                  KL
                </th>
              </>
            )}
          </tr>
        </thead>
        <tbody>
          {from > 0 && <tr aria-hidden="true" style={{height: from * ROW}} />}
          {Array.from({length: to - from}, (_, i) => (
            <LensRow
              key={from + i}
              readings={readings}
              words={words}
              spot={{step: from + i, init, token}}
              lastStep={data.lastStep}
              current={from + i === step}
            />
          ))}
          {to < steps && <tr aria-hidden="true" style={{height: (steps - to) * ROW}} />}
        </tbody>
      </table>
    </div>
  );
}
