import {useEffect, useState} from "react";
import type {EvalCost} from "../../api/contract/contract.ts";
import {formatBytes, formatSeconds} from "../plot/format.ts";
import {useRemote, type Remote} from "../source/remote.ts";
import {useSource} from "../source/sourceContext.ts";
import type {EvaluationOrder} from "../source/Source.ts";

const PAUSE_MS = 400; // while somebody types

/** What the server counts that an order would take; asked once nothing has changed for a while. */
export function useEvaluationCost(order: EvaluationOrder | undefined): Remote<EvalCost | undefined> {
  const source = useSource();
  const text = order && JSON.stringify({...order, title: undefined});
  const [asked, setAsked] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return useRemote(
    async (signal) => (asked === undefined ? undefined : source.evaluationCost(JSON.parse(asked) as EvaluationOrder, signal)),
    ["evaluation cost", asked ?? ""]
  );
}

/** The same in words; `pace` is of a step of one token, in milliseconds. */
export function costText({items, settings, core_steps, bytes}: EvalCost, pace: number | undefined): string {
  const time = pace === undefined ? "" : `, about ${formatSeconds((core_steps * pace) / 1000)} at the pace of the last run`;
  return `${items.toLocaleString("en")} × ${settings} ${settings === 1 ? "setting" : "settings"}, at most ${core_steps.toLocaleString("en")} steps of a token, ${formatBytes(bytes)} on disk${time}`;
}
