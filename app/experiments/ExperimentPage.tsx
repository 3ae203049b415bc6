import {beyondNote, counted} from "../../api/contract/choices.ts";
import type {ExperimentDetails, ExperimentOverview} from "../../api/contract/contract.ts";
import {experimentReportAddress} from "../source/httpSource.ts";
import {useStore} from "../state/store.ts";
import {useExperiment, useOverview, usePromptRows} from "./useExperiment.ts";
import {isUnderWay} from "../state/jobs.ts";
import {Band} from "../parts/Band.tsx";
import {Boundary} from "../parts/Boundary.tsx";
import {FailedPage} from "../parts/FailedPage.tsx";
import {DownloadLink} from "../parts/DownloadLink.tsx";
import {ExperimentBand} from "./ExperimentBand.tsx";
import {ExperimentVerdict} from "./ExperimentVerdict.tsx";
import {ExperimentFigures} from "./ExperimentFigures.tsx";
import {Link} from "../parts/Link.tsx";
import {Loading} from "../parts/Loading.tsx";
import {PromptPage} from "./PromptPage.tsx";
import {PromptTable} from "./PromptTable.tsx";
import {PanelHead} from "../parts/PanelHead.tsx";

/** One experiment, or one of its prompts. */
export function ExperimentPage({id}: {id: string}) {
  const data = useExperiment(id);
  const prompt = useStore(({view}) => view.prompt);
  if (data.status === "loading") return <Loading what="the experiment" />;
  if (data.status === "failed") return <FailedPage what="experiment" error={data.error} list="experiments" />;
  return prompt === undefined ? <ExperimentView data={data.value} /> : <PromptPage key={prompt} data={data.value} index={prompt} />;
}

/** Where the starts of all prompts end, how fast they close in, and whether they say the same. */
function ExperimentView({data: {experiment, spec}}: {data: ExperimentDetails}) {
  const {id, title, owner, model, prompts: count, steps, inits, finished} = experiment;
  const overview = useOverview(experiment);
  const trained = spec?.model.trained_steps;
  const {lines: rows, error} = usePromptRows(experiment);
  const known = overview.status === "ready" ? overview.value : undefined;
  return (
    <main className="page experiment">
      <header className="page-head">
        <h1>{title}</h1>
        <span className="note">
          {owner !== null && `by ${owner} · `}
          {model} · {counted(count, "prompt")} · {steps} steps
          {beyondNote(trained, steps, 1)} · {inits} own starts each{spec && ` · seed ${spec.seed}`}
        </span>
        <span className="header-space" />
        <Link view={{page: "experiments"}}>All experiments</Link>
        {finished > 0 && (
          <DownloadLink className="button" href={experimentReportAddress(id)}>
            Report
          </DownloadLink>
        )}
      </header>
      <ExperimentBand experiment={experiment} />
      {finished === 0 && (
        <section className="empty">
          <h2>{isUnderWay(experiment) ? "No prompt is finished yet" : "No prompt was finished"}</h2>
          <p>What the prompts say together appears here with the first of them, and grows with each.</p>
        </section>
      )}
      {overview.status === "failed" && <Band tone="error" text={`The overview could not be made: ${overview.error.message}`} />}
      {finished > 0 && overview.status === "loading" && <p className="note">Summing up …</p>}
      {known && <Summary overview={known} count={count} />}
      {known && (
        <Boundary what="The figures">
          <ExperimentFigures id={id} overview={known} trained={trained} />
        </Boundary>
      )}
      {error && <Band tone="error" text={`The prompts could not be read: ${error.message}`} />}
      {rows.length > 0 && (
        <Boundary what="The table">
          <PromptTable experiment={id} rows={rows} count={count} />
        </Boundary>
      )}
    </main>
  );
}

function Summary({overview, count}: {overview: ExperimentOverview; count: number}) {
  return (
    <section className="panel-box" aria-label="Summary">
      <PanelHead title="Summary" note={overview.finished < count ? `of the first ${overview.finished} prompts` : undefined} />
      <ExperimentVerdict overview={overview} />
      <details className="more">
        <summary>All of it, in {overview.sentences.length - 1} sentences</summary>
        <ul className="sentences">
          {overview.sentences.slice(1).map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      </details>
    </section>
  );
}
