import {beyondNote, MEASURES, POINTED_MEASURES} from "../../api/contract/choices.ts";
import {valueAt} from "../plot/field.ts";
import {formatNumber, formatProbability, tokenLabel} from "../plot/format.ts";
import {topWordsAt} from "../plot/readout.ts";
import type {RunData} from "./runData.ts";
import {contextOf} from "./tokenRuns.ts";
import {useStore} from "../state/store.ts";

const CARD = {width: 220, height: 230};
const AWAY = 16; // pixels from the pointer

/** What lies under the pointer: token, step, init, what it would say, how far from the end. */
export function HoverCard({data}: {data: RunData}) {
  const hover = useStore((state) => state.hover);
  const pointer = useStore((state) => state.pointer);
  if (!hover || !pointer || hover.step > data.lastStep || hover.token >= data.names.length) return null;
  const left = pointer[0] + AWAY + CARD.width > innerWidth ? pointer[0] - AWAY - CARD.width : pointer[0] + AWAY;
  const top = Math.max(4, Math.min(pointer[1] + AWAY, innerHeight - CARD.height));
  const {fields, readout, names} = data;
  const {before, after} = contextOf(names, hover.token);
  return (
    <div className="hover-card" style={{left, top, width: CARD.width}} aria-hidden="true">
      <p>
        <b className="word">{tokenLabel(names[hover.token])}</b> token {hover.token} · step {hover.step}
        {beyondNote(data.trace.trained_steps, hover.step)} · init {hover.init + 1}
      </p>
      {names.length > 1 && (
        <p className="note word">
          {before !== "" && tokenLabel(before)}
          <b>{tokenLabel(names[hover.token])}</b>
          {after !== "" && tokenLabel(after)}
        </p>
      )}
      {readout && (
        <ol>
          {topWordsAt(readout, hover).map(({id, text, logProbability}) => (
            <li key={id}>
              <span className="word">{tokenLabel(text)}</span>
              <span className="bar" style={{width: `${100 * Math.exp(logProbability)}px`}} />
              <span>{formatProbability(logProbability)}</span>
            </li>
          ))}
        </ol>
      )}
      <p className="note">
        {POINTED_MEASURES.map(
          (key) => `${MEASURES[key].name} ${formatNumber(valueAt(fields[key], hover.step, hover.init, hover.token))}`
        ).join(", ")}
      </p>
    </div>
  );
}
