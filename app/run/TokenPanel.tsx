import {beyondNote, MEASURES, TOLD_MEASURES} from "../../api/contract/choices.ts";
import {valueAt} from "../plot/field.ts";
import {formatNumber, formatProbability, tokenLabel} from "../plot/format.ts";
import {topWordsAt} from "../plot/readout.ts";
import {MethodLink} from "../parts/MethodLink.tsx";
import {isModelless} from "./modelless.ts";
import type {RunData} from "./runData.ts";
import {useStore} from "../state/store.ts";
import {ExitsPanel} from "./ExitsPanel.tsx";
import {NearPanel} from "./NearPanel.tsx";
import {NotesPanel} from "./NotesPanel.tsx";
import {SpectrumPanel} from "./SpectrumPanel.tsx";
import {VerdictPanel} from "./VerdictPanel.tsx";
import {PanelHead} from "../parts/PanelHead.tsx";

/** The chosen token, with its numbers at the step looked at. */
export function TokenPanel({data, chosen, step}: {data: RunData; chosen: readonly number[]; step: number}) {
  const chosenInit = useStore((state) => state.view.init);
  const init = Math.min(chosenInit ?? 0, data.trace.inits.length - 1);
  const token = chosen.at(-1);
  if (token === undefined) {
    return (
      <section className="panel token-panel">
        <p className="note">No token is chosen: all trajectories are in colour. Click a token, a line or a row.</p>
      </section>
    );
  }
  const {fields, readout} = data;
  const spot = {step, init, token};
  const best = readout && topWordsAt(readout, spot)[0];
  return (
    <section className="panel token-panel" aria-label="Token">
      <PanelHead
        title={<span className="token-name">“{tokenLabel(data.names[token])}”</span>}
        note={
          <>
            token {token}
            {chosen.length > 1 && `, the last of ${chosen.length} chosen`} · init {init + 1} · step {step}
            {beyondNote(data.trace.trained_steps, step)}
          </>
        }
      />
      <VerdictPanel
        run={data.summary.id}
        token={token}
        init={chosenInit}
        inits={data.trace.inits.length}
        growing={data.summary.live}
        trained={data.trace.trained_steps}
        modelless={isModelless(data)}
      />
      <SpectrumPanel data={data} token={token} />
      <ExitsPanel data={data} token={token} />
      <NotesPanel key={data.summary.id} summary={data.summary} names={data.names} token={token} />
      <NearPanel data={data} token={token} init={init} step={step} />
      <dl className="facts numbers">
        {best && (
          <div>
            <dt>says</dt>
            <dd>
              “<span className="word">{tokenLabel(best.text)}</span>”, p {formatProbability(best.logProbability)}
            </dd>
          </div>
        )}
        {TOLD_MEASURES.map(
          (key) => fields[key] && <Figure key={key} name={MEASURES[key].name} value={valueAt(fields[key], step, init, token)} />
        )}
      </dl>
    </section>
  );
}

function Figure({name, value}: {name: string; value: number}) {
  return (
    <div>
      <dt>
        <MethodLink of={name}>{name}</MethodLink>
      </dt>
      <dd>{formatNumber(value)}</dd>
    </div>
  );
}
