import {useState} from "react";
import type {EvalScores, EvalSummary, SettingSummary} from "../../api/contract/contract.ts";
import {DownloadLink} from "../parts/DownloadLink.tsx";
import {Select} from "../parts/Select.tsx";
import {formatBytes, formatNumber} from "../plot/format.ts";
import {evaluationAddress} from "../source/httpSource.ts";
import {settingName, shareText} from "./settingName.ts";
import {PanelHead} from "../parts/PanelHead.tsx";

const ALL = ""; // no task is called so
const SCORES = [
  ["exact_match", "Exact match", "texts that answer as they should"],
  ["acc", "acc", "choices of the largest log-likelihood that are right"],
  ["acc_norm", "acc_norm", "the same, log-likelihoods divided by the choices’ characters"],
  ["acc_bytes", "acc_bytes", "the same, divided by their bytes"]
] as const;

/** Every setting with its scores, steps and bytes: of all tasks, or of one. */
export function ScoresTable({id, summary}: {id: string; summary: EvalSummary}) {
  const [task, setTask] = useState(ALL);
  const settings = [...summary.steps, ...summary.exits, ...summary.caches];
  const tasks = Object.keys(settings[0].tasks);
  const of = (setting: SettingSummary): EvalScores => (task === ALL ? setting : (setting.tasks[task] ?? setting));
  const shown = SCORES.filter(([score]) => settings.some((setting) => of(setting)[score] !== null));
  return (
    <section className="panel-box" aria-label="Scores">
      <PanelHead
        title="Scores"
        note={`${of(settings[0]).n} items`}
        choices={
          tasks.length > 1 && (
            <Select
              label="Task"
              value={task}
              options={[[ALL, "all tasks"], ...tasks.map((name) => [name, name] as const)]}
              onChange={setTask}
            />
          )
        }
      >
        <DownloadLink className="button" href={evaluationAddress(id, "csv")}>
          CSV
        </DownloadLink>
        <DownloadLink className="button" href={evaluationAddress(id, "json")}>
          JSON
        </DownloadLink>
      </PanelHead>
      <div className="table-place">
        <table className="runs scores">
          <ScoresHead shown={shown} />
          <tbody>
            {settings.map((setting) => (
              <ScoresRow key={settingName(setting)} name={settingName(setting)} scores={of(setting)} shown={shown} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

type ShownScores = readonly (typeof SCORES)[number][];

function ScoresHead({shown}: {readonly shown: ShownScores}) {
  return (
    <thead>
      <tr>
        <th scope="col">Setting</th>
        {shown.map(([score, name, about]) => (
          <th key={score} scope="col" className="number" title={about}>
            {name} ± se
          </th>
        ))}
        {["Steps a token", "Core steps an item", "Cache"].map((name) => (
          <th key={name} scope="col" className="number">
            {name}
          </th>
        ))}
      </tr>
    </thead>
  );
}

function ScoresRow({name, scores, shown}: {readonly name: string; readonly scores: EvalScores; readonly shown: ShownScores}) {
  return (
    <tr>
      <th scope="row">{name}</th>
      {shown.map(([score]) => (
        <td key={score} className="number">
          {shareText(scores[score], scores[`${score}_stderr`])}
        </td>
      ))}
      <td className="number">{formatNumber(scores.mean_steps)}</td>
      <td className="number">{Math.round(scores.core_steps)}</td>
      <td className="number">{formatBytes(Math.round(scores.kv_bytes))}</td>
    </tr>
  );
}
