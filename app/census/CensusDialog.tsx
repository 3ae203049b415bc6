import {nounOf} from "../../api/contract/choices.ts";
import {useMemo} from "react";
import type {CensusCost} from "../../api/contract/contract.ts";
import {useStatePace} from "../capture/useStatePace.ts";
import {promptsIn} from "../experiments/experimentProblems.ts";
import {PromptsField} from "../experiments/PromptsField.tsx";
import {Dialog} from "../parts/Dialog.tsx";
import {DialogEnd} from "../parts/DialogEnd.tsx";
import {ModelChoice} from "../parts/ModelChoice.tsx";
import {useModels} from "../parts/useModels.ts";
import {useOrderCost} from "../parts/useOrderCost.ts";
import {useSubmission} from "../parts/useSubmission.ts";
import {formatBytes, formatSeconds} from "../plot/format.ts";
import type {CensusOrder} from "../source/Source.ts";
import {useSource} from "../source/sourceContext.ts";
import {viewOf} from "../state/address.ts";
import {go, showDialog} from "../state/store.ts";
import {censusOrder, censusProblems, emptyCensus, useCensusDraft} from "./censusDraft.ts";
import {CensusFields} from "./CensusFields.tsx";

/** Asks for prompts and how to run them, says what it will take, and starts the census. What was typed is kept until it has been started. */
export function CensusDialog() {
  const source = useSource();
  const draft = useCensusDraft();
  const {models, usable, model} = useModels(draft.model);
  const problems = useMemo(() => censusProblems(draft), [draft]);
  const read = useMemo(() => promptsIn(draft.prompts), [draft.prompts]);
  const isWhole = model !== undefined && Object.keys(problems).length === 0;
  const order = isWhole ? censusOrder({...draft, model: model.name}) : undefined;
  const cost = useOrderCost("census cost", order, source.censusCost);
  const pace = useStatePace(model?.name);
  const send = async (chosen: CensusOrder): Promise<void> => {
    const {id} = await source.startCensus(chosen);
    useCensusDraft.setState({title: emptyCensus.title, prompts: emptyCensus.prompts});
    showDialog(undefined);
    go({...viewOf(""), census: id});
  };
  const {tried, busy, refused, submit} = useSubmission(draft, {
    ready: models.status !== "loading",
    send: order && (() => send(order))
  });
  const unfit = refused ?? (cost.status === "failed" ? cost.error.message : undefined);
  return (
    <Dialog title="New census" wide onClose={() => showDialog(undefined)}>
      <form className="capture" onSubmit={submit} noValidate>
        <PromptsField
          text={draft.prompts}
          problem={tried || draft.prompts !== "" ? problems.prompts : undefined}
          count={"count" in read ? read.count : 0}
          about="What follows a tab is left aside."
          onText={(prompts) => useCensusDraft.setState({prompts})}
          onFile={(title) => draft.title === "" && useCensusDraft.setState({title})}
        />
        <ModelChoice models={models} usable={usable} model={model} onChange={(name) => useCensusDraft.setState({model: name})} />
        <CensusFields draft={draft} model={model} problems={problems} />
        <DialogEnd refused={unfit} busy={busy} disabled={models.status !== "loading" && !model}>
          <span className="note" role="status">
            {cost.status === "ready" && cost.value ? costText(cost.value, pace) : cost.status === "loading" && order ? "Counting …" : ""}
          </span>
        </DialogEnd>
      </form>
    </Dialog>
  );
}

/** What it will take, in words; `pace` is of a step of one token, in milliseconds. */
function costText({prompts, tokens, core_steps, bytes}: CensusCost, pace: number | undefined): string {
  const time = pace === undefined ? "" : `, about ${formatSeconds((core_steps * pace) / 1000)} at the pace of the last run`;
  return `${many(prompts, "prompt")}, ${many(tokens, "token")}, ${many(core_steps, "step")} of a token, at most ${formatBytes(bytes)} on disk${time}`;
}

const many = (count: number, noun: string): string => `${count.toLocaleString("en")} ${nounOf(count, noun)}`;
