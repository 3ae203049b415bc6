import {formatNumber} from "../plot/format.ts";
import {go} from "../state/store.ts";
import {useTokenVerdicts, type TokenVerdicts} from "./useVerdicts.ts";
import {factsOf, formatQ} from "./verdicts.ts";
import type {Trained} from "../../api/contract/choices.ts";
import {ArgumentPanel} from "./ArgumentPanel.tsx";
import {MethodLink} from "../parts/MethodLink.tsx";
import {LabelSign} from "../parts/LabelSign.tsx";
import {Failed} from "../parts/Failed.tsx";

/** What a trajectory is called, how sure that is, every number behind it, and why it is not called otherwise. */
export function VerdictPanel({
  run,
  token,
  init,
  inits,
  growing,
  trained,
  modelless
}: {
  run: string;
  token: number;
  init: number | undefined;
  inits: number;
  growing: boolean;
  /** Steps that the model was trained with. */
  trained: Trained;
  modelless: boolean;
}) {
  const verdicts = useTokenVerdicts(token);
  if (verdicts.status === "failed") return <Failed of={verdicts} what="No labels" place="verdict" />;
  if (verdicts.status === "loading")
    return <p className="note verdict">{growing ? "Labels come once the run has ended …" : "Weighing the evidence for a label …"}</p>;
  const verdict = verdicts.value.of(init ?? 0);
  if (!verdict) return null;
  return (
    <div className="verdict">
      <p className="verdict-head">
        <LabelSign label={verdict.pattern} />
        <b className={`label-text ${verdict.pattern}`} data-label={verdict.pattern}>
          {verdict.pattern}
        </b>
        <span>{verdicts.value.early ? `q ≤ ${formatNumber(verdict.q)}` : formatQ("q", verdict.q)}</span>
        <span className="note">
          {verdict.pattern === "unsettled" && "no claim · "}
          <MethodLink of={verdict.pattern === "unsettled" ? "labels" : verdict.pattern} />
        </span>
      </p>
      {inits > 1 && <OtherInits verdicts={verdicts.value} init={init} />}
      <dl className="facts">
        {factsOf(verdict, trained).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <ArgumentPanel run={run} modelless={modelless} verdict={verdict} summary={verdicts.value.summary} />
    </div>
  );
}

const MOST_SIGNS = 64; // more are a crowd; the list of inits has them all

/** A sign for every init of the token: the same label from every start is the rule, and its exceptions matter. */
function OtherInits({verdicts, init}: {verdicts: TokenVerdicts; init: number | undefined}) {
  const shown = Math.min(verdicts.summary.inits, MOST_SIGNS);
  return (
    <p className="init-signs">
      <span className="note">by init</span>
      {Array.from({length: shown}, (_, own) => {
        const pattern = verdicts.of(own)?.pattern ?? "unsettled";
        return (
          <button
            key={own}
            type="button"
            className="quiet icon"
            aria-pressed={init === own}
            onClick={() => go({init: init === own ? undefined : own})}
            title={`init ${own + 1}: ${pattern}`}
            aria-label={`init ${own + 1}: ${pattern}`}
          >
            <LabelSign label={pattern} />
          </button>
        );
      })}
      {verdicts.summary.inits > shown && <span className="note">and {verdicts.summary.inits - shown} more</span>}
    </p>
  );
}
