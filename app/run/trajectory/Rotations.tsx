import {axisTitle, shortAxisTitle} from "./pictureText.ts";
import {TrajectoryLegend} from "./TrajectoryLegend.tsx";
import {TrajectoryMount} from "./TrajectoryMount.tsx";
import type {PictureProps} from "./picture.ts";

/** Six components in three planes, each trajectory centred at its own mean: where a path turns, it turns about the origin of one of them. */
export function Rotations(props: PictureProps) {
  const {points, explained} = props.projection;
  const pairs = [0, 2, 4].filter((x) => x + 1 < points.dims);
  return (
    <>
      <div className="fill rotations">
        {pairs.map((x, index) => (
          <TrajectoryMount
            key={x}
            {...props}
            x={x}
            y={x + 1}
            titles={[axisTitle("rotations", x, explained), shortAxisTitle(x + 1, explained)]}
            className="rotation"
            index={index}
          />
        ))}
      </div>
      <TrajectoryLegend data={props.data} />
    </>
  );
}
