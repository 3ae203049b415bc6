import {trainedEnd} from "../../api/contract/choices.ts";
import {framePace, type FramePace} from "./framePace.ts";
import {lineLayer, type LineLayer} from "./lineLayer.ts";
import {segmentsOf, type TrajectoryScene} from "./trajectoryScene.ts";

/** All lines of a plane by WebGL, where they are too many for a canvas's own strokes. */
interface ManyLines {
  /**
   * Draws the lines, as many of them as a frame has time for, and the others once it has come to rest; false where they are few or there
   * is no WebGL, and nothing is drawn.
   */
  paint(scene: TrajectoryScene): boolean;
  /** Draws at once what is still missing. */
  complete(): void;
  /** Whether lines are drawn here now. */
  isOn(): boolean;
  destroy(): void;
}

const MANY_SEGMENTS = 4000; // beyond it a canvas takes longer than a frame
const SMOOTH_SEGMENTS = 50_000; // beyond it edges cannot be told apart, and smoothing them costs a frame
const FIRST_INDICES = 15_000; // of a frame: software draws so many in some 5 ms
const LEAST_INDICES = 5000;
const FILL = 4; // as many at rest as while it moves: a longer frame is not seen, and the next move still waits for one only
const REST = 120; // milliseconds without a new picture: nothing moves any more
const BEHIND = {alpha: 0.4, ahead: 0.4};
const IN_COLOUR = {alpha: 0.8, ahead: 0.15};
const LOADED = ["points", "dims", "colourOf", "init"] as const;

export function manyLines(canvas: HTMLCanvasElement): ManyLines {
  let layer: LineLayer | undefined;
  let loaded: Pick<TrajectoryScene, (typeof LOADED)[number]> | undefined;
  let pace: FramePace | undefined;
  let resting: ReturnType<typeof setTimeout> | undefined;
  let filling = 0;

  function stop(): void {
    clearTimeout(resting);
    cancelAnimationFrame(filling);
  }

  /** A frame's share of what is missing, and the next one after it. */
  const fill = (): void => {
    filling = requestAnimationFrame(() => {
      if (layer && pace && !layer.drawMore(FILL * pace.pieces())) fill();
    });
  };

  function rest(): void {
    pace?.pause();
    fill();
  }

  return {
    paint(scene) {
      stop();
      const {points, dims, colourOf, init, projector, step, palette, chosen, trained, width, height} = scene;
      if (segmentsOf(scene.all) <= MANY_SEGMENTS) {
        if (loaded) layer?.clear();
        loaded = undefined;
        return false;
      }
      layer ??= lineLayer(canvas, {smooth: segmentsOf(scene.all) <= SMOOTH_SEGMENTS});
      if (!layer) return false;
      if (LOADED.some((key) => loaded?.[key] !== scene[key]) || !loaded) {
        pace = framePace({first: pace?.pieces() ?? FIRST_INDICES, least: LEAST_INDICES, most: layer.load(scene.all, colourOf)});
        loaded = {points, dims, colourOf, init};
      }
      pace?.frame(performance.now());
      const look = {
        ...(chosen.length ? {...BEHIND, tint: palette.faint} : IN_COLOUR),
        step,
        trained: trainedEnd(trained, points.steps - 1),
        size: [width, height] as const,
        frame: frameOf(scene)
      };
      if (!layer.draw(projector, look, pace?.pieces() ?? FIRST_INDICES)) resting = setTimeout(rest, REST);
      return true;
    },
    complete() {
      stop();
      layer?.drawMore(Infinity);
    },
    isOn: () => loaded !== undefined,
    destroy() {
      stop();
      layer?.destroy();
    }
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
