import {axisTitle} from "./pictureText.ts";
import {useStore} from "../../state/store.ts";
import {TrajectoryMount} from "./TrajectoryMount.tsx";
import type {PictureProps} from "./picture.ts";
import {TrajectoryLegend} from "./TrajectoryLegend.tsx";

/** Two components against each other. */
export function Plane(props: PictureProps) {
  const view = useStore((state) => state.view);
  const {points, explained} = props.projection;
  const [x, y] = view.picture !== "umap" && Math.max(...view.pair) < points.dims ? view.pair : [0, 1];
  return (
    <>
      <TrajectoryMount
        {...props}
        x={x}
        y={y}
        titles={[axisTitle(view.picture, x, explained), axisTitle(view.picture, y, explained)]}
        className="fill"
        keepsZoom
        index={0}
      />
      <TrajectoryLegend data={props.data} />
    </>
  );
}
