import {rgb} from "d3";
import {coordinateAt} from "./field.ts";
import type {Bundle, ColourOf, Projector} from "./trajectoryMarks.ts";

/** Draws very many trajectories at once with WebGL: straight lines one pixel wide. */
export interface LineLayer {
  /** Sends trajectories to the graphics card; a segment has the colour of the state it leads to. */
  load(bundle: Bundle, colourOf: ColourOf): void;
  /** Draws what was loaded. `size` and `frame` are CSS pixels. */
  draw(projector: Projector, options: LineDrawOptions): void;
  clear(): void;
  destroy(): void;
}

export interface LineDrawOptions {
  /** States after it are drawn with the opacity `ahead`, the others with `alpha`. */
  readonly step: number;
  readonly alpha: number;
  readonly ahead: number;
  /** One colour for all lines, instead of their own. */
  readonly tint?: string;
  readonly size: readonly [number, number];
  /** The part of the canvas that is drawn in: left, top, width, height. */
  readonly frame: readonly [number, number, number, number];
}

const VERTEX = `#version 300 es
in vec2 place;
in float step;
in vec4 colour;
uniform vec2 scale;
uniform vec2 shift;
uniform float now;
uniform float alpha;
uniform float ahead;
uniform vec4 tint; // one colour for all, where its alpha is not 0
flat out vec4 shade; // the last vertex of a segment gives its colour
void main() {
  gl_Position = vec4(place * scale + shift, 0.0, 1.0);
  float a = colour.a * (step > now ? ahead : alpha);
  shade = vec4(mix(colour.rgb, tint.rgb, tint.a) * a, a);
}`;

const FRAGMENT = `#version 300 es
precision mediump float;
flat in vec4 shade;
out vec4 outColour;
void main() { outColour = shade; }`;

const BREAK = 0xffffffff; // WebGL 2 begins a new line strip at this index

/** A layer on a canvas, with `smooth` edges where that does not cost too much; undefined where the browser has no WebGL 2. */
export function lineLayer(canvas: HTMLCanvasElement, {smooth}: {smooth: boolean}): LineLayer | undefined {
  const gl = canvas.getContext("webgl2", {antialias: smooth, premultipliedAlpha: true, preserveDrawingBuffer: true, depth: false});
  if (!gl) return undefined;
  const program = programOf(gl);
  const buffers = {place: gl.createBuffer(), step: gl.createBuffer(), colour: gl.createBuffer(), strip: gl.createBuffer()};
  const array = gl.createVertexArray();
  gl.bindVertexArray(array);
  attribute(gl, program, "place", buffers.place, 2, gl.FLOAT, false);
  attribute(gl, program, "step", buffers.step, 1, gl.FLOAT, false);
  attribute(gl, program, "colour", buffers.colour, 4, gl.UNSIGNED_BYTE, true);
  gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, buffers.strip);
  const uniform = (name: string): WebGLUniformLocation | null => gl.getUniformLocation(program, name);
  const uniforms = {
    scale: uniform("scale"),
    shift: uniform("shift"),
    now: uniform("now"),
    alpha: uniform("alpha"),
    ahead: uniform("ahead"),
    tint: uniform("tint")
  };
  let count = 0;
  let centre: readonly [number, number] = [0, 0];

  return {
    load(bundle, colourOf) {
      const loaded = verticesOf(bundle, colourOf);
      centre = loaded.centre;
      count = loaded.strip.length;
      gl.bindVertexArray(array);
      for (const name of ["place", "step", "colour"] as const) {
        gl.bindBuffer(gl.ARRAY_BUFFER, buffers[name]);
        gl.bufferData(gl.ARRAY_BUFFER, loaded[name], gl.STATIC_DRAW);
      }
      gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, loaded.strip, gl.STATIC_DRAW);
    },
    draw({x, y}, {step, alpha, ahead, tint, size: [width, height], frame: [left, top, w, h]}) {
      gl.viewport(0, 0, canvas.width, canvas.height);
      gl.disable(gl.SCISSOR_TEST);
      gl.clearColor(0, 0, 0, 0);
      gl.clear(gl.COLOR_BUFFER_BIT);
      if (count === 0) return;
      const ratio = canvas.width / width;
      gl.enable(gl.SCISSOR_TEST);
      gl.scissor(left * ratio, (height - top - h) * ratio, w * ratio, h * ratio);
      gl.enable(gl.BLEND);
      gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
      // biome-ignore lint/correctness/useHookAtTopLevel: WebGL's, no hook
      gl.useProgram(program);
      gl.bindVertexArray(array);
      // places are kept about their centre, so that float32 is fine also far in
      gl.uniform2f(uniforms.scale, ((x(1) - x(0)) * 2) / width, (-(y(1) - y(0)) * 2) / height);
      gl.uniform2f(uniforms.shift, (x(centre[0]) / width) * 2 - 1, 1 - (y(centre[1]) / height) * 2);
      gl.uniform1f(uniforms.now, step);
      gl.uniform1f(uniforms.alpha, alpha);
      gl.uniform1f(uniforms.ahead, ahead);
      const {r, g, b} = rgb(tint ?? "black");
      gl.uniform4f(uniforms.tint, r / 255, g / 255, b / 255, tint ? 1 : 0);
      gl.drawElements(gl.LINE_STRIP, count, gl.UNSIGNED_INT, 0);
    },
    clear() {
      count = 0;
      gl.disable(gl.SCISSOR_TEST);
      gl.clearColor(0, 0, 0, 0);
      gl.clear(gl.COLOR_BUFFER_BIT);
    },
    destroy() {
      for (const buffer of Object.values(buffers)) gl.deleteBuffer(buffer);
      gl.deleteVertexArray(array);
      gl.deleteProgram(program);
    }
  };
}

interface Vertices {
  readonly place: Float32Array<ArrayBuffer>;
  readonly step: Float32Array<ArrayBuffer>;
  readonly colour: Uint8Array<ArrayBuffer>;
  readonly strip: Uint32Array<ArrayBuffer>;
  readonly centre: readonly [number, number];
}

/** Trajectory after trajectory, each a strip of its states. */
export function verticesOf({points, dims: [i, j], tokens, inits}: Bundle, colourOf: ColourOf): Vertices {
  const paths = tokens.length * inits.length;
  const total = paths * points.steps;
  const place = new Float32Array(2 * total);
  const step = new Float32Array(total);
  const colour = new Uint8Array(4 * total);
  const strip = new Uint32Array(total + paths);
  const shades = new Map<string, readonly [number, number, number]>();
  const centre = [0, 0] as [number, number];
  let [vertex, index] = [0, 0];
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
        strip[index++] = vertex;
      }
      strip[index++] = BREAK;
    }
  }
  return {place, step, colour, strip, centre};
}

function attribute(
  gl: WebGL2RenderingContext,
  program: WebGLProgram,
  name: string,
  buffer: WebGLBuffer,
  size: number,
  type: number,
  normalised: boolean
): void {
  const at = gl.getAttribLocation(program, name);
  gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
  gl.enableVertexAttribArray(at);
  gl.vertexAttribPointer(at, size, type, normalised, 0, 0);
}

function programOf(gl: WebGL2RenderingContext): WebGLProgram {
  const program = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, VERTEX],
    [gl.FRAGMENT_SHADER, FRAGMENT]
  ] as const) {
    const shader = gl.createShader(type);
    if (!shader) throw new Error("WebGL context lost while compiling");
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error(`line shader does not link: ${gl.getProgramInfoLog(program)}`);
  return program;
}
