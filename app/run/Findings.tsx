import {formatNumber, formatSeconds} from "../plot/format.ts";
import {readyValue, useRemote} from "../source/remote.ts";
import {useSource} from "../source/sourceContext.ts";
import {go, useStore} from "../state/store.ts";
import {useClock} from "../state/useClock.ts";
import {useRunVerdicts} from "./useVerdicts.ts";
import {collapseOf, findingOf, tokensWith, verdictsCsv} from "./verdicts.ts";
import {PATTERNS} from "../../api/contract/choices.ts";
import {CsvButton} from "../parts/CsvButton.tsx";
import {LabelSign} from "../parts/LabelSign.tsx";

const ASK_MS = 700; // how often it is asked how far the labels are

/** How far the labels are, and how long they will take. */
function Labelling({run}: {run: string}) {
  const source = useSource();
  const site = useStore((state) => state.view.site);
  const ticks = useClock(true, ASK_MS);
  const progress = readyValue(useRemote((signal) => source.labelling(run, site, signal), ["labelling", run, site], ticks));
  if (!progress || progress.of === 0) return <p className="findings note">Weighing the labels …</p>;
  const {done, of, seconds_left} = progress;
  return (
    <p className="findings note">
      Weighing the labels: {done} of {of} trajectories{seconds_left !== null && `, ${formatSeconds(seconds_left)} left`}{" "}
      <progress value={done} max={of} aria-label="Trajectories weighed" />
    </p>
  );
}

/** What was found in the run, label by label; a label chooses the tokens that have it. */
export function Findings({run, growing}: {run: string; growing: boolean}) {
  const verdicts = useRunVerdicts();
  const init = useStore((state) => state.view.init);
  if (verdicts.status === "loading" && !growing) return <Labelling run={run} />;
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
