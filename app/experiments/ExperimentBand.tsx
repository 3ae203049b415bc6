import type {Experiment} from "../../api/contract/contract.ts";
import {JobBand} from "../parts/JobBand.tsx";
import {useSource} from "../source/sourceContext.ts";

/** How far an experiment is. One that was cancelled before its first prompt has nothing to go on with. */
export function ExperimentBand({experiment}: {experiment: Experiment}) {
  const source = useSource();
  const {id, status, finished, prompts} = experiment;
  const isEmpty = status === "cancelled" && finished === 0;
  return (
    <JobBand
      kind="experiment"
      job={experiment}
      whole={prompts}
      unit="prompts"
      stays={isEmpty ? "There is nothing to go on with." : "What is finished is shown, and stays when it goes on."}
      doing={finished === prompts ? "Keeping traces and summing up" : undefined}
      onCancel={() => source.cancelExperiment(id)}
      onResume={isEmpty ? undefined : () => source.resumeExperiment(id)}
    />
  );
}
