import {axisTitle} from "../pictureText.ts";
import {useStore} from "../store.ts";
import {TrajectoryMount} from "./TrajectoryMount.tsx";
import type {PictureProps} from "./TrajectoryView.tsx";
import {TrajectoryLegend} from "./TrajectoryLegend.tsx";

/** Two components against each other. */
export function Plane({projection, ...rest}: PictureProps) {
  const view = useStore((state) => state.view);
  const {points, explained, basis, metadata} = projection;
  const [x, y] = view.picture !== "umap" && Math.max(...view.pair) < points.dims ? view.pair : [0, 1];
  return (
    <>
      <TrajectoryMount {...rest} points={points} basisOfRun={basis} centred={metadata.fit === "token"} x={x} y={y} titles={[axisTitle(view.picture, x, explained), axisTitle(view.picture, y, explained)]} className="fill" index={0} />
      <TrajectoryLegend data={rest.data} />
    </>
  );
}
