import {useState} from "react";
import {beyondNote, isBeyond, settingName} from "../../api/contract/choices.ts";
import type {EvalScores, EvalSummary, SettingSummary} from "../../api/contract/contract.ts";
import type {TrainedProps} from "../plot/beyond.ts";
import {DownloadLink} from "../parts/DownloadLink.tsx";
import {Select} from "../parts/Select.tsx";
import {formatBytes, formatNumber} from "../plot/format.ts";
import {evaluationAddress} from "../source/httpSource.ts";
import {shareText} from "./setting.ts";
import {PanelHead} from "../parts/PanelHead.tsx";
import {TablePlace} from "../parts/TablePlace.tsx";

const ALL = ""; // no task is called so
const SCORES = [
  ["exact_match", "Exact match", "texts that answer as they should"],
  ["acc", "acc", "choices of the largest log-likelihood that are right"],
  ["acc_norm", "acc_norm", "the same, log-likelihoods divided by the choices’ characters"],
  ["acc_bytes", "acc_bytes", "the same, divided by their bytes"]
] as const;

/** Every setting with its scores, steps and bytes: of all tasks, or of one. */
export function ScoresTable({id, summary, trained}: {id: string; summary: EvalSummary} & TrainedProps) {
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
      <TablePlace label="All settings">
        <table className="runs scores">
          <ScoresHead shown={shown} />
          <tbody>
            {settings.map((setting, i) => (
              <ScoresRow
                key={settingName(setting)}
                name={settingName(setting)}
                beyond={beyondNote(trained, setting.steps)}
                isFirstBeyond={isBeyond(trained, setting.steps) && !isBeyond(trained, settings[i - 1]?.steps ?? 0)}
                scores={of(setting)}
                shown={shown}
              />
            ))}
          </tbody>
        </table>
      </TablePlace>
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

interface ScoresRowProps {
  readonly name: string;
  /** What is said where the setting's depth lies beyond the trained one. */
  readonly beyond: string;
  readonly isFirstBeyond: boolean;
  readonly scores: EvalScores;
  readonly shown: ShownScores;
}

function ScoresRow({name, beyond, isFirstBeyond, scores, shown}: ScoresRowProps) {
  return (
    <tr className={beyond ? `beyond${isFirstBeyond ? " first-beyond" : ""}` : undefined} title={beyond ? `${name}${beyond}` : undefined}>
      <th scope="row">
        {name}
        {beyond && <span className="visually-hidden">{beyond}</span>}
      </th>
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
