import {readyValue} from "../../source/remote.ts";
import {useStore} from "../../state/store.ts";
import {useTokenVerdicts} from "../useVerdicts.ts";
import type {TrajectoryViewProps} from "./picture.ts";
import {PortraitView} from "./PortraitView.tsx";
import {ProjectionView} from "./ProjectionView.tsx";
import {sitterOf} from "./usePortrait.ts";

/** The trajectories: of one chosen token the picture that its label is seen in, of several or of none all of them in a projection. */
export function TrajectoryView(props: TrajectoryViewProps) {
  const {picture, init, others} = useStore((state) => state.view);
  const token = props.chosen.length === 1 ? props.chosen[0] : undefined;
  const verdicts = readyValue(useTokenVerdicts(token));
  const sitter = token !== undefined && others.length === 0 ? sitterOf(token, verdicts, init) : undefined;
  if (picture === "portrait" && sitter) return <PortraitView data={props.data} sitter={sitter} step={props.step} />;
  return <ProjectionView {...props} picture={picture === "portrait" ? "plane" : picture} hasPortrait={sitter !== undefined} />;
}
