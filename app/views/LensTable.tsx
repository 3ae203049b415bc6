import {useEffect, useRef, useState, type CSSProperties} from "react";
import {valueAt} from "../plot/field.ts";
import {formatProbability, formatShort, tokenLabel} from "../plot/format.ts";
import {topWordsAt, type RunData, type Readout} from "../runData.ts";
import {stepTo} from "../selection.ts";
import {point, useStore} from "../store.ts";

const ROW = 24; // pixels, as in run.css
const SPARE_ROWS = 6; // drawn beyond what is in sight, so that scrolling shows no gaps
const WORDS = 5;

/** What the model would say at each step: the likeliest next tokens of the chosen token, and how sure it is. */
export function LensTable({data, chosen, step}: {data: RunData; chosen: readonly number[]; step: number}) {
  const {readout} = data;
  const token = chosen.at(-1);
  const init = useStore((state) => state.view.init) ?? 0;
  const place = useRef<HTMLDivElement>(null);
  const [scroll, setScroll] = useState({top: 0, height: 400});

  useEffect(() => {
    const node = place.current;
    if (!node) return;
    const top = step * ROW;
    if (top < node.scrollTop + ROW || top > node.scrollTop + node.clientHeight - 2 * ROW) node.scrollTop = top - node.clientHeight / 2;
    setScroll({top: node.scrollTop, height: node.clientHeight});
  }, [step, token, readout === undefined]);

  if (!readout) return <section className="panel lens"><p className="note">This run was captured without a readout.</p></section>;
  if (token === undefined) return <section className="panel lens"><p className="note">Choose a token to see what it would say at each step.</p></section>;
  const first = Math.max(0, Math.floor(scroll.top / ROW) - SPARE_ROWS);
  const last = Math.min(readout.steps - 1, Math.ceil((scroll.top + scroll.height) / ROW) + SPARE_ROWS);
  return (
    <section className="panel lens" aria-label="Readout by step">
      <header className="panel-head">
        <h2>Next token after “{tokenLabel(data.names[token])}”</h2>
        <span className="note">{data.trace.readout?.lens} lens, init {init + 1}</span>
      </header>
      <div ref={place} className="lens-scroll" tabIndex={0} role="region" aria-label="Readout table" onScroll={({currentTarget}) => setScroll({top: currentTarget.scrollTop, height: currentTarget.clientHeight})} onMouseLeave={() => point(undefined)}>
        <table aria-rowcount={readout.steps + 1}>
          <thead>
            <tr>
              <th scope="col">step</th>
              <th scope="col" colSpan={Math.min(WORDS, readout.top)}>
                likeliest, with probability
              </th>
              <th scope="col" title="Entropy, nats">
                entropy
              </th>
              <th scope="col" title="KL to the previous step, nats">
                KL
              </th>
            </tr>
          </thead>
          <tbody>
            {first > 0 && <tr aria-hidden="true" style={{height: first * ROW}} />}
            {Array.from({length: last - first + 1}, (_, i) => (
              <LensRow key={first + i} data={data} readout={readout} step={first + i} init={Math.min(init, readout.inits - 1)} token={token} current={first + i === step} />
            ))}
            {last < readout.steps - 1 && <tr aria-hidden="true" style={{height: (readout.steps - 1 - last) * ROW}} />}
          </tbody>
        </table>
      </div>
    </section>
  );
}

interface LensRowProps {
  readonly data: RunData;
  readonly readout: Readout;
  readonly step: number;
  readonly init: number;
  readonly token: number;
  readonly current: boolean;
}

function LensRow({data, readout, step, init, token, current}: LensRowProps) {
  const spot = {step, init, token};
  const hovered = useStore(({hover}) => hover?.step === step && hover.token === token);
  const {entropy, kl_prev} = data.fields;
  return (
    <tr aria-rowindex={step + 2} className={`${current ? "current" : ""}${hovered ? " hovered" : ""}`} onClick={() => stepTo(step, data.lastStep)} onMouseEnter={() => point(spot)}>
      <th scope="row">
        <button type="button" tabIndex={-1} aria-current={current ? "step" : undefined}>
          {step}
        </button>
      </th>
      {topWordsAt(readout, spot)
        .slice(0, WORDS)
        .map(({id, text, logProbability}) => (
          <td key={id} style={{"--share": Math.exp(logProbability).toFixed(3)} as CSSProperties} title={`${tokenLabel(text)}: ${formatProbability(logProbability)}`}>
            <span className="word">{tokenLabel(text)}</span>
          </td>
        ))}
      <td className="number">{entropy ? formatShort(valueAt(entropy, step, init, token)) : "–"}</td>
      <td className="number">{kl_prev ? formatShort(valueAt(kl_prev, step, init, token)) : "–"}</td>
    </tr>
  );
}
