import {formatNumber} from "../plot/format.ts";
import {useSource} from "../source/sourceContext.ts";
import {go, useStore} from "../state/store.ts";
import {useRunVerdicts} from "./useVerdicts.ts";
import {collapseOf, findingOf, tokensWith, verdictsCsv} from "./verdicts.ts";
import {PATTERNS} from "../../api/contract/choices.ts";
import {CsvButton} from "../parts/CsvButton.tsx";
import {LabelSign} from "../parts/LabelSign.tsx";
import {Underway} from "./Underway.tsx";

/** What was found in the run, label by label; a label chooses the tokens that have it. */
export function Findings({run, growing}: {run: string; growing: boolean}) {
  const verdicts = useRunVerdicts();
  const source = useSource();
  const {init, site} = useStore(({view}) => view);
  if (verdicts.status === "loading" && !growing)
    return (
      <p className="findings note">
        <Underway of="labelling" question={[run, site]} ask={(signal) => source.labelling(run, site, signal)} />
      </p>
    );
  if (verdicts.status !== "ready") return null;
  const {summary} = verdicts.value;
  const collapse = collapseOf(summary);
  return (
    <p
      className="findings"
      title={summary.noise_floor === null ? undefined : `median noise floor ${formatNumber(summary.noise_floor)} of the norm`}
    >
      {PATTERNS.filter((label) => (summary.counts[label] ?? 0) > 0).map((label) => (
        <button
          key={label}
          type="button"
          className="quiet"
          data-label={label}
          onClick={() => go({tokens: tokensWith(verdicts.value, label, init)})}
          title={`Choose the tokens that are ${label}`}
        >
          <LabelSign label={label} /> {summary.counts[label]} {label}
        </button>
      ))}
      <CsvButton name={`${run}-labels`} title="the labels of all trajectories" csv={() => verdictsCsv(verdicts.value)} />
      <span className="note">{(summary.sentences ?? [findingOf(summary)]).join(" ")}</span>
      {collapse && (
        <strong
          className="band-warning"
          title="Tokens that agree in every state carry nothing of their own; two of the published training runs failed with this sign"
        >
          {collapse}
        </strong>
      )}
    </p>
  );
}
