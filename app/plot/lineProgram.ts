import {rgb} from "d3";
import {BEYOND, type Projector} from "./trajectoryMarks.ts";

export interface LineDrawOptions {
  /** States after it are drawn with the opacity `ahead`, the others with `alpha`. */
  readonly step: number;
  readonly alpha: number;
  readonly ahead: number;
  /** The last trained step: what lies beyond is paler. Defaults to none. */
  readonly trained?: number;
  /** One colour for all lines, instead of their own. */
  readonly tint?: string;
  readonly size: readonly [number, number];
  /** The part of the canvas that is drawn in: left, top, width, height. */
  readonly frame: readonly [number, number, number, number];
}

/** What the graphics card is given: places about a centre, so that float32 is fine also far in; strips of indices with a break after each. */
export interface Vertices {
  readonly place: Float32Array<ArrayBuffer>;
  readonly step: Float32Array<ArrayBuffer>;
  readonly colour: Uint8Array<ArrayBuffer>;
  readonly strip: Uint32Array<ArrayBuffer>;
  readonly centre: readonly [number, number];
}

interface LineProgram {
  load(vertices: Vertices): void;
  /** Draws the indices of what was loaded from one to another, not included. */
  draw(canvas: HTMLCanvasElement, range: readonly [number, number], options: Drawn): void;
  destroy(): void;
}

interface Drawn extends LineDrawOptions, Pick<Vertices, "centre"> {
  readonly projector: Projector;
}

const UNIFORMS = ["scale", "shift", "now", "alpha", "ahead", "trained", "beyond", "tint"] as const;
type Uniforms = Readonly<Record<(typeof UNIFORMS)[number], WebGLUniformLocation | null>>;

const VERTEX = `#version 300 es
in vec2 place;
in float step;
in vec4 colour;
uniform vec2 scale;
uniform vec2 shift;
uniform float now;
uniform float alpha;
uniform float ahead;
uniform float trained;
uniform float beyond; // share of the opacity that is left beyond the trained steps
uniform vec4 tint; // one colour for all, where its alpha is not 0
flat out vec4 shade; // the last vertex of a segment gives its colour
void main() {
  gl_Position = vec4(place * scale + shift, 0.0, 1.0);
  float a = colour.a * (step > now ? ahead : alpha) * (step > trained ? beyond : 1.0);
  shade = vec4(mix(colour.rgb, tint.rgb, tint.a) * a, a);
}`;

const FRAGMENT = `#version 300 es
precision mediump float;
flat in vec4 shade;
out vec4 outColour;
void main() { outColour = shade; }`;

/** The shaders and buffers that draw strips of lines. */
export function lineProgram(gl: WebGL2RenderingContext): LineProgram {
  const program = programOf(gl);
  const buffers = {place: gl.createBuffer(), step: gl.createBuffer(), colour: gl.createBuffer(), strip: gl.createBuffer()};
  const array = gl.createVertexArray();
  gl.bindVertexArray(array);
  attribute(gl, program, "place", buffers.place, 2, gl.FLOAT, false);
  attribute(gl, program, "step", buffers.step, 1, gl.FLOAT, false);
  attribute(gl, program, "colour", buffers.colour, 4, gl.UNSIGNED_BYTE, true);
  gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, buffers.strip);
  const uniforms = Object.fromEntries(UNIFORMS.map((name) => [name, gl.getUniformLocation(program, name)])) as unknown as Uniforms;
  return {
    load(loaded) {
      gl.bindVertexArray(array);
      for (const name of ["place", "step", "colour"] as const) {
        gl.bindBuffer(gl.ARRAY_BUFFER, buffers[name]);
        gl.bufferData(gl.ARRAY_BUFFER, loaded[name], gl.STATIC_DRAW);
      }
      gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, loaded.strip, gl.STATIC_DRAW);
    },
    draw(canvas, [from, to], options) {
      const {
        size: [width, height],
        frame: [left, top, w, h]
      } = options;
      const ratio = canvas.width / width;
      gl.enable(gl.SCISSOR_TEST);
      gl.scissor(left * ratio, (height - top - h) * ratio, w * ratio, h * ratio);
      gl.enable(gl.BLEND);
      gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
      // biome-ignore lint/correctness/useHookAtTopLevel: WebGL's, no hook
      gl.useProgram(program);
      gl.bindVertexArray(array);
      setUniforms(gl, uniforms, options);
      gl.drawElements(gl.LINE_STRIP, to - from, gl.UNSIGNED_INT, from * Uint32Array.BYTES_PER_ELEMENT);
    },
    destroy() {
      for (const buffer of Object.values(buffers)) gl.deleteBuffer(buffer);
      gl.deleteVertexArray(array);
      gl.deleteProgram(program);
    }
  };
}

const NEVER = 1e9; // a step that no run has

function setUniforms(gl: WebGL2RenderingContext, uniforms: Uniforms, options: Drawn): void {
  const {
    step,
    alpha,
    ahead,
    trained = NEVER,
    tint,
    centre,
    projector: {x, y},
    size: [width, height]
  } = options;
  gl.uniform2f(uniforms.scale, ((x(1) - x(0)) * 2) / width, (-(y(1) - y(0)) * 2) / height);
  gl.uniform2f(uniforms.shift, (x(centre[0]) / width) * 2 - 1, 1 - (y(centre[1]) / height) * 2);
  gl.uniform1f(uniforms.now, step);
  gl.uniform1f(uniforms.alpha, alpha);
  gl.uniform1f(uniforms.ahead, ahead);
  gl.uniform1f(uniforms.trained, trained);
  gl.uniform1f(uniforms.beyond, BEYOND.alpha);
  const {r, g, b} = rgb(tint ?? "black");
  gl.uniform4f(uniforms.tint, r / 255, g / 255, b / 255, tint ? 1 : 0);
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
