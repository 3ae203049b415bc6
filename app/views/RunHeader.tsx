import type {RunData} from "../runData.ts";
import {setDraft} from "../captureDraft.ts";
import {showDialog} from "../store.ts";
import {Findings} from "./Findings.tsx";
import {requestOf} from "./RunBand.tsx";

/** What ran, in one line, and what can be done with it. */
export function RunHeader({data}: {data: RunData}) {
  const {summary, trace} = data;
  const [init] = trace.inits;
  const kinds = init.kind === "normal" ? `seed ${init.seed ?? "–"}${init.scale === 1 ? "" : `, scale ${init.scale}`}` : init.kind;
  const again = (): void => {
    setDraft(requestOf(data));
    showDialog("capture");
  };
  return (
    <header className="run-header">
      <h1>{summary.title}</h1>
      <dl className="facts">
        <Fact name="model" value={trace.model.name} />
        <Fact name="steps" value={String(trace.steps)} />
        <Fact name="inits" value={`${trace.inits.length} (${kinds})`} />
        <Fact name="width" value={String(trace.width)} />
        <Fact name="dtype" value={trace.storage_dtype === trace.compute_dtype ? trace.storage_dtype : `${trace.compute_dtype}, stored ${trace.storage_dtype}`} />
      </dl>
      <Findings />
      <span className="header-space" />
      <button type="button" onClick={() => showDialog("compare")} aria-keyshortcuts="c">
        Compare
      </button>
      <a className="button" href={`/api/runs/${encodeURIComponent(summary.id)}/report`} download>
        Report
      </a>
      <button type="button" onClick={again}>
        Capture again
      </button>
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
