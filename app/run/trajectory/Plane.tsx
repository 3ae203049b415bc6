import {axisTitle} from "./pictureText.ts";
import {useStore} from "../../state/store.ts";
import {TrajectoryMount} from "./TrajectoryMount.tsx";
import type {PictureProps} from "./picture.ts";
import {TrajectoryLegend} from "./TrajectoryLegend.tsx";

/** Two components against each other. */
export function Plane(props: PictureProps) {
  const {pair} = useStore((state) => state.view);
  const {picture} = props;
  const {points, explained} = props.projection;
  const [x, y] = picture !== "umap" && Math.max(...pair) < points.dims ? pair : [0, 1];
  return (
    <>
      <TrajectoryMount
        {...props}
        x={x}
        y={y}
        titles={[axisTitle(picture, x, explained), axisTitle(picture, y, explained)]}
        className="fill"
        keepsZoom
        index={0}
      />
      <TrajectoryLegend data={props.data} />
    </>
  );
}
