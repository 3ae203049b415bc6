import {BufferAttribute, BufferGeometry, LineBasicMaterial, LineSegments, type Material, type Scene} from "three";
import {LineMaterial} from "three/examples/jsm/lines/LineMaterial.js";
import {LineSegments2} from "three/examples/jsm/lines/LineSegments2.js";
import {LineSegmentsGeometry} from "three/examples/jsm/lines/LineSegmentsGeometry.js";
import {trainedEnd} from "../../../api/contract/choices.ts";
import {shownInits} from "../field.ts";
import {segmentsIn} from "./spacePoints.ts";
import type {SpaceProps} from "./spaceProps.ts";

/** The trajectories as lines of a scene: those in colour, the rest behind them, and those of other runs. */
interface SpaceLines {
  /** Makes them anew. */
  build(props: SpaceProps): void;
  resize(width: number, height: number): void;
  clear(): void;
}

export function spaceLines(scene: Scene): SpaceLines {
  let rest: LineSegments | undefined;
  let thick: readonly LineSegments2[] = [];
  const clear = (): void => {
    for (const lines of [...(rest ? [rest] : []), ...thick]) {
      scene.remove(lines);
      lines.geometry.dispose();
      (lines.material as Material).dispose(); // each has one
    }
    [rest, thick] = [undefined, []];
  };
  const resize = (width: number, height: number): void => {
    for (const lines of thick) lines.material.resolution.set(width, height);
  };
  return {
    build(props) {
      clear();
      rest = linesBehind(props);
      thick = [linesInFront(props), ...linesOver(props)];
      resize(props.width, props.height);
      scene.add(rest, ...thick);
    },
    resize,
    clear
  };
}

const allTokens = ({space: {points}}: SpaceProps): number[] => [...Array(points.tokens).keys()];
const knownOf = ({chosen, space: {points}}: SpaceProps): number[] => chosen.filter((token) => token < points.tokens);
const endOf = ({trained}: SpaceProps, {steps}: {readonly steps: number}): number | undefined => trainedEnd(trained, steps - 1);

/** What is not chosen, where something is. */
function linesBehind(props: SpaceProps): LineSegments {
  const {space, init, palette} = props;
  const known = knownOf(props);
  const tokens = known.length ? allTokens(props).filter((token) => !known.includes(token)) : [];
  const {places, colours} = segmentsIn(space, tokens, shownInits(init, space.points), {
    colourOf: () => palette.faint,
    step: Infinity,
    trained: endOf(props, space.points),
    paper: palette.paper
  });
  const lines = new LineSegments(new BufferGeometry(), new LineBasicMaterial({vertexColors: true, transparent: true, opacity: 0.5}));
  lines.geometry.setAttribute("position", new BufferAttribute(places, 3)).setAttribute("color", new BufferAttribute(colours, 3));
  lines.frustumCulled = false;
  return lines;
}

function linesInFront(props: SpaceProps): LineSegments2 {
  const {space, init, colourOf, palette, step} = props;
  const known = knownOf(props);
  return thickLines(
    segmentsIn(space, known.length ? known : allTokens(props), shownInits(init, space.points), {
      colourOf,
      step,
      trained: endOf(props, space.points),
      paper: palette.paper
    }),
    known.length ? 2 : 1.2
  );
}

const linesOver = (props: SpaceProps): LineSegments2[] =>
  props.space.over.map((other) =>
    thickLines(
      segmentsIn(other, other.tokens, shownInits(props.init, other.points), {
        colourOf: () => other.colour,
        step: props.step,
        trained: endOf(props, other.points),
        paper: props.palette.paper
      }),
      1.4
    )
  );

/** Lines thicker than a pixel, which WebGL does not draw by itself. */
function thickLines({places, colours}: {places: Float32Array; colours: Float32Array}, linewidth: number): LineSegments2 {
  const geometry = new LineSegmentsGeometry();
  geometry.setPositions(places.length ? places : new Float32Array(6));
  geometry.setColors(colours.length ? colours : new Float32Array(6));
  const lines = new LineSegments2(geometry, new LineMaterial({vertexColors: true, linewidth}));
  lines.frustumCulled = false;
  return lines;
}
