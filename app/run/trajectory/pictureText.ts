import {counted} from "../../../api/contract/choices.ts";
import {formatNumber, formatShare} from "../../plot/format.ts";
import type {RunData} from "../runData.ts";
import type {Projection} from "./useProjection.ts";
import type {Projected} from "../../state/view.ts";

export const PICTURE_TITLES: Readonly<Record<Projected, string>> = {
  plane: "Trajectories in principal components",
  umap: "Trajectories in UMAP",
  waterfall: "Waterfall: two components, token by token",
  rotations: "Rotations: each trajectory about its own mean",
  space: "Trajectories in three components"
};

/** An axis of a picture, with the share of variance that it shows. */
export function axisTitle(picture: Projected, component: number, explained: readonly number[]): string {
  if (picture === "umap") return `UMAP ${component + 1} (no units)`;
  return `${shortAxisTitle(component, explained)} of variance`;
}

/** The same where there is room for no more than its share. */
export const shortAxisTitle = (component: number, explained: readonly number[]): string =>
  `PC${component + 1}, ${formatShare(explained[component] ?? NaN)}`;

/** Which states the basis was fitted on, and whose. */
export function basisOf({points, others, metadata}: Projection, {names}: Pick<RunData, "names">, chosen: readonly number[]): string {
  const runs = `${others.length + 1} runs`;
  if (metadata.method === "umap")
    return `${others.length ? `${runs} together; ` : ""}neighbourhoods are kept, distances and areas are not; trustworthiness ${formatNumber(Number(metadata.trustworthiness))}, seed ${metadata.seed}${foundOf(metadata)}`;
  if (metadata.fit === "joint") return `fitted on all tokens of ${runs}, ${metadata.rows} states`;
  const states = `${points.steps} states of ${counted(points.inits, "init")}${others.length ? " of this run" : ""}`;
  const all = names.length === 1 ? "the only token" : `all ${names.length} tokens`;
  if (metadata.fit === "token") return `fitted on ${all} about ${names.length === 1 ? "its own mean" : "their own means"}, ${states}`;
  return metadata.fit === "chosen" ? `fitted on ${counted(chosen.length, "chosen token")}, ${states}` : `fitted on ${all}, ${states}`;
}

/** Of a picture whose neighbours are not all the nearest. */
const foundOf = ({neighbour_recall: recall}: Projection["metadata"]): string =>
  recall === undefined || Number(recall) === 1 ? "" : `, ${formatShare(Number(recall))} of the nearest neighbours found`;
