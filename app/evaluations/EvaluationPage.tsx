import {counted} from "../../api/contract/choices.ts";
import type {EvaluationDetails} from "../../api/contract/contract.ts";
import {Band} from "../parts/Band.tsx";
import {Boundary} from "../parts/Boundary.tsx";
import {FailedPage} from "../parts/FailedPage.tsx";
import {Link} from "../parts/Link.tsx";
import {Loading} from "../parts/Loading.tsx";
import {AnswerFigure} from "./AnswerFigure.tsx";
import {DepthFigure} from "./DepthFigure.tsx";
import {EvaluationBand} from "./EvaluationBand.tsx";
import {ItemsTable} from "./ItemsTable.tsx";
import {ScoresTable} from "./ScoresTable.tsx";
import {SettlingPanel} from "./SettlingPanel.tsx";
import {useEvaluation, useEvaluationRows, useEvaluationSummary} from "./useEvaluation.ts";
import {isUnderWay} from "../state/jobs.ts";

/** One evaluation, as far as it is. */
export function EvaluationPage({id}: {id: string}) {
  const data = useEvaluation(id);
  if (data.status === "loading") return <Loading what="the evaluation" />;
  if (data.status === "failed") return <FailedPage what="evaluation" error={data.error} list="evaluations" />;
  return <EvaluationView data={data.value} />;
}

/** Accuracy by depth, where answers were right first and last, and whether failures come from not settling. */
function EvaluationView({data: {evaluation, spec}}: {data: EvaluationDetails}) {
  const {id, title, model, items, finished} = evaluation;
  const told = useEvaluationSummary(evaluation);
  const known = told.status === "ready" ? told.value : undefined;
  const damage = known?.damage ?? [];
  const {lines: rows, error} = useEvaluationRows(id, {finished: known?.summary.finished ?? 0, damaged: damage.length});
  return (
    <main className="page experiment">
      <header className="page-head">
        <h1>{title}</h1>
        <span className="note">
          {model} · {counted(items, "item")} · {spec.settings.length} settings · seed {spec.seed}
        </span>
        <span className="header-space" />
        <Link view={{page: "evaluations"}}>All evaluations</Link>
      </header>
      <EvaluationBand evaluation={evaluation} damage={damage} />
      {finished === 0 && (
        <section className="empty">
          <h2>{isUnderWay(evaluation) ? "No item is answered yet" : "No item was answered"}</h2>
          <p>What the answers come to appears here with the first of them, and grows with each.</p>
        </section>
      )}
      {told.status === "failed" && <Band tone="error" text={`The answers could not be summed up: ${told.error.message}`} />}
      {finished > 0 && told.status === "loading" && <p className="note">Summing up …</p>}
      {known && known.summary.finished > 0 && (
        <>
          {known.summary.finished < items && <p className="note">Of the first {known.summary.finished} items.</p>}
          <Boundary what="The figures">
            <div className="figures">
              <DepthFigure id={id} summary={known.summary} trained={spec.model.trained_steps} />
              <SettlingPanel settling={known.summary.settling} />
            </div>
            <ScoresTable id={id} summary={known.summary} trained={spec.model.trained_steps} />
            {rows.length > 0 && <AnswerFigure id={id} spec={spec} rows={rows} />}
          </Boundary>
          {error && <Band tone="error" text={`The items could not be read: ${error.message}`} />}
          {rows.length > 0 && (
            <Boundary what="The table">
              <ItemsTable id={id} spec={spec} rows={rows} count={items} />
            </Boundary>
          )}
        </>
      )}
    </main>
  );
}
