import {counted} from "../../api/contract/choices.ts";
import type {EvalCost} from "../../api/contract/contract.ts";
import {formatBytes, formatSeconds} from "../plot/format.ts";

/** What an evaluation will take, in words; `pace` is of a step of one token, in milliseconds. */
export function costText({items, settings, core_steps, bytes}: EvalCost, pace: number | undefined): string {
  const time = pace === undefined ? "" : `, about ${formatSeconds((core_steps * pace) / 1000)} at the pace of the last run`;
  return `${items.toLocaleString("en")} × ${counted(settings, "setting")}, at most ${core_steps.toLocaleString("en")} steps of a token, ${formatBytes(bytes)} on disk${time}`;
}
