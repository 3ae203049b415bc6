import {visible} from "../../capture/trace/visible.ts";
import {beyondNote} from "../../api/contract/choices.ts";
import type {RunData} from "./runData.ts";
import {setDraft} from "../capture/captureDraft.ts";
import {DownloadLink} from "../parts/DownloadLink.tsx";
import {newEdit} from "../capture/edits.ts";
import {chosenOf} from "./selection.ts";
import {KeptFiles} from "./KeptFiles.tsx";
import {useSource} from "../source/sourceContext.ts";
import {reportAddress} from "../source/httpSource.ts";
import {showDialog, useStore} from "../state/store.ts";
import {Changes} from "../parts/Changes.tsx";
import {ExportMenu} from "./ExportMenu.tsx";
import {Findings} from "./Findings.tsx";
import {isModelless, NO_MODEL} from "./modelless.ts";
import {requestOf} from "./RunBand.tsx";

/** What ran, in one line, and what can be done with it. */
export function RunHeader({data}: {data: RunData}) {
  const {summary, trace} = data;
  const {kept} = useSource();
  const [init] = trace.inits;
  const kinds = init.kind === "normal" ? `seed ${init.seed ?? "–"}${init.scale === 1 ? "" : `, scale ${init.scale}`}` : init.kind;
  const steer = (): void => {
    const {view} = useStore.getState();
    const tokens = chosenOf(view, data.names.length).join(",");
    setDraft(
      {...requestOf(data), title: `${summary.title}, changed`},
      {original: summary.id, edits: [{...newEdit, tokens, step: Math.max(1, Math.min(view.step ?? 1, data.lastStep))}]}
    );
    showDialog("capture");
  };
  const modelless = isModelless(data);
  const again = (): void => {
    setDraft(requestOf(data));
    showDialog("capture");
  };
  return (
    <header className="run-header">
      <div className="run-about">
        <h1>{visible(summary.title)}</h1>
        <dl className="facts">
          {summary.owner !== null && <Fact name="by" value={summary.owner} />}
          <Fact name="model" value={visible(trace.model.name)} />
          <Fact name="steps" value={`${trace.steps}${beyondNote(trace.trained_steps, trace.steps, 1)}`} />
          <Fact name="inits" value={`${trace.inits.length} (${kinds})`} />
          <Fact name="width" value={String(trace.width)} />
          <Fact
            name="dtype"
            value={
              trace.storage_dtype === trace.compute_dtype ? trace.storage_dtype : `${trace.compute_dtype}, stored ${trace.storage_dtype}`
            }
          />
        </dl>
        <Findings run={summary.id} growing={summary.live} />
      </div>
      <span className="actions">
        <Changes>
          <button
            type="button"
            onClick={steer}
            disabled={modelless}
            title={modelless ? `Not of this run: ${NO_MODEL}` : "Capture again with a changed state, and see the difference"}
          >
            Steer
          </button>
        </Changes>
        {kept ? (
          <KeptFiles run={summary.id} />
        ) : (
          <>
            <button type="button" onClick={() => showDialog("compare")} aria-keyshortcuts="c">
              Compare
            </button>
            <DownloadLink className="button" href={reportAddress(summary.id)}>
              Report
            </DownloadLink>
            <ExportMenu data={data} />
          </>
        )}
        <Changes>
          <button type="button" onClick={again} disabled={modelless} title={modelless ? `Not of this run: ${NO_MODEL}` : undefined}>
            Capture again
          </button>
        </Changes>
      </span>
    </header>
  );
}

function Fact({name, value}: {name: string; value: string}) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
