import {rgb} from "d3";
import {coordinateAt} from "./field.ts";
import {lineProgram, type LineDrawOptions, type Vertices} from "./lineProgram.ts";
import type {Bundle, ColourOf, Projector} from "./trajectoryMarks.ts";

/** Draws very many trajectories at once with WebGL: straight lines one pixel wide. */
export interface LineLayer {
  /** Sends trajectories to the graphics card, and says how many indices they have; a segment has the colour of the state it leads to. */
  load(bundle: Bundle, colourOf: ColourOf): number;
  /** Draws anew the first of what was loaded, so many indices, each trajectory as likely among them; whether that was all. `size` and `frame` are CSS pixels. */
  draw(projector: Projector, options: LineDrawOptions, count: number): boolean;
  /** Adds so many of those not drawn yet, as the others were drawn; whether that was all. */
  drawMore(count: number): boolean;
  clear(): void;
  destroy(): void;
}

const BREAK = 0xffffffff; // WebGL 2 begins a new line strip at this index

/** A layer on a canvas, with `smooth` edges where that does not cost too much; undefined where the browser has no WebGL 2. */
export function lineLayer(canvas: HTMLCanvasElement, {smooth}: {smooth: boolean}): LineLayer | undefined {
  const gl = canvas.getContext("webgl2", {antialias: smooth, premultipliedAlpha: true, preserveDrawingBuffer: true, depth: false});
  if (!gl) return undefined;
  const program = lineProgram(gl);
  let count = 0;
  let drawn = 0;
  let centre: readonly [number, number] = [0, 0];
  let look: (LineDrawOptions & {readonly projector: Projector}) | undefined;

  function drawMore(more: number): boolean {
    const end = Math.min(count, drawn + more);
    if (look && end > drawn) program.draw(canvas, [Math.max(0, drawn - 1), end], {...look, centre}); // from the last vertex on, so that no segment is left out
    drawn = end;
    return drawn === count;
  }

  return {
    load(bundle, colourOf) {
      const loaded = verticesOf(bundle, colourOf);
      centre = loaded.centre;
      count = loaded.strip.length;
      drawn = 0;
      program.load(loaded);
      return count;
    },
    draw(projector, options, first) {
      wipe(gl);
      drawn = 0;
      look = {...options, projector};
      return drawMore(first);
    },
    drawMore,
    clear() {
      count = drawn = 0;
      wipe(gl);
    },
    destroy: () => program.destroy()
  };
}

function wipe(gl: WebGL2RenderingContext): void {
  gl.viewport(0, 0, gl.canvas.width, gl.canvas.height);
  gl.disable(gl.SCISSOR_TEST);
  gl.clearColor(0, 0, 0, 0);
  gl.clear(gl.COLOR_BUFFER_BIT);
}

/** Trajectory after trajectory, each a strip of its states; the strips in an order of which every beginning is an even sample. */
export function verticesOf({points, dims: [i, j], tokens, inits}: Bundle, colourOf: ColourOf): Vertices {
  const paths = tokens.length * inits.length;
  const total = paths * points.steps;
  const place = new Float32Array(2 * total);
  const step = new Float32Array(total);
  const colour = new Uint8Array(4 * total);
  const shades = new Map<string, readonly [number, number, number]>();
  const centre = [0, 0] as [number, number];
  let vertex = 0;
  for (const init of inits) {
    for (const token of tokens) {
      if (vertex === 0)
        centre.splice(0, 2, coordinateAt(points, points.steps - 1, init, token, i), coordinateAt(points, points.steps - 1, init, token, j));
      for (let s = 0; s < points.steps; ++s, ++vertex) {
        place[2 * vertex] = coordinateAt(points, s, init, token, i) - centre[0];
        place[2 * vertex + 1] = coordinateAt(points, s, init, token, j) - centre[1];
        step[vertex] = s;
        const name = colourOf(s, init, token);
        let shade = shades.get(name);
        if (!shade) {
          const {r, g, b} = rgb(name);
          shades.set(name, (shade = [r, g, b]));
        }
        colour.set(shade, 4 * vertex);
        colour[4 * vertex + 3] = 255;
      }
    }
  }
  return {place, step, colour, strip: evenStrips(paths, points.steps), centre};
}

const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** Indices of `count` strips of `length` vertices, a break after each, in steps of a golden section of them. */
function evenStrips(count: number, length: number): Uint32Array<ArrayBuffer> {
  let stride = Math.max(1, Math.round(GOLDEN * count));
  while (commonDivisor(stride, count) > 1) ++stride; // so that every strip has its turn
  const strips = new Uint32Array(count * (length + 1));
  for (let k = 0, at = 0; k < count; ++k) {
    const first = ((k * stride) % count) * length;
    for (let i = 0; i < length; ++i) strips[at++] = first + i;
    strips[at++] = BREAK;
  }
  return strips;
}

const commonDivisor = (a: number, b: number): number => (b === 0 ? a : commonDivisor(b, a % b));
