import {trainedEnd} from "../../api/contract/choices.ts";
import {lineLayer, type LineLayer} from "./lineLayer.ts";
import {segmentsOf, type TrajectoryScene} from "./trajectoryScene.ts";

/** All lines of a plane by WebGL, where they are too many for a canvas's own strokes. */
interface ManyLines {
  /** Draws all lines; false where they are few or there is no WebGL, and nothing is drawn. */
  paint(scene: TrajectoryScene): boolean;
  /** Whether lines are drawn here now. */
  isOn(): boolean;
  destroy(): void;
}

const MANY_SEGMENTS = 4000; // beyond it a canvas takes longer than a frame
const SMOOTH_SEGMENTS = 50_000; // beyond it edges cannot be told apart, and smoothing them costs a frame
const BEHIND = {alpha: 0.4, ahead: 0.4};
const IN_COLOUR = {alpha: 0.8, ahead: 0.15};
const LOADED = ["points", "dims", "colourOf", "init"] as const;

export function manyLines(canvas: HTMLCanvasElement): ManyLines {
  let layer: LineLayer | undefined;
  let loaded: Pick<TrajectoryScene, (typeof LOADED)[number]> | undefined;
  return {
    paint(scene) {
      const {points, dims, colourOf, init, projector, step, palette, chosen, trained, width, height} = scene;
      if (segmentsOf(scene.all) <= MANY_SEGMENTS) {
        if (loaded) layer?.clear();
        loaded = undefined;
        return false;
      }
      layer ??= lineLayer(canvas, {smooth: segmentsOf(scene.all) <= SMOOTH_SEGMENTS});
      if (!layer) return false;
      if (LOADED.some((key) => loaded?.[key] !== scene[key]) || !loaded) {
        layer.load(scene.all, colourOf);
        loaded = {points, dims, colourOf, init};
      }
      layer.draw(projector, {
        ...(chosen.length ? {...BEHIND, tint: palette.faint} : IN_COLOUR),
        step,
        trained: trainedEnd(trained, points.steps - 1),
        size: [width, height],
        frame: frameOf(scene)
      });
      return true;
    },
    isOn: () => loaded !== undefined,
    destroy: () => layer?.destroy()
  };
}

/** What lies inside the axes: left, top, width, height. */
export const frameOf = ({
  margin,
  width,
  height
}: Pick<TrajectoryScene, "margin" | "width" | "height">): readonly [number, number, number, number] => [
  margin.left,
  margin.top,
  width - margin.left - margin.right,
  height - margin.top - margin.bottom
];
