import {select} from "d3";
import {
  Box3,
  BufferAttribute,
  BufferGeometry,
  LineBasicMaterial,
  LineSegments,
  type Material,
  PerspectiveCamera,
  Scene,
  Vector3,
  WebGLRenderer
} from "three";
import {OrbitControls} from "three/examples/jsm/controls/OrbitControls.js";
import {LineMaterial} from "three/examples/jsm/lines/LineMaterial.js";
import {LineSegments2} from "three/examples/jsm/lines/LineSegments2.js";
import {LineSegmentsGeometry} from "three/examples/jsm/lines/LineSegmentsGeometry.js";
import type {Spot} from "../spot.ts";
import {shownInits} from "../field.ts";
import type {Plot} from "../plot.ts";
import {drawLasso} from "../lasso.ts";
import {drawSpaceLabels, type SpaceLabels} from "./spaceLabels.ts";
import type {SpaceProps} from "./spaceProps.ts";
import {nearestOnScreen, segmentsIn, tokensWithin} from "./spacePoints.ts";

export interface SpacePlot extends Plot<SpaceProps> {
  fit(): void;
  zoomBy(factor: number): void;
}

const HIT_RADIUS = 12; // pixels
const CLICK_SLACK = 4; // pixels that a click may move

/** Trajectories in three dimensions: drag turns, scroll zooms, the right button moves, shift and drag draws a lasso. */
export function spacePlot(node: HTMLElement, first: SpaceProps): SpacePlot {
  let props = first;
  let frame = 0;
  const renderer = webGlRenderer();
  const scene = new Scene();
  const camera = new PerspectiveCamera(35, 1, 0.01, 100);
  const root = select(node).style("position", "relative").style("touch-action", "none");
  node.append(renderer.domElement);
  const svg = root
    .append("svg")
    .style("position", "absolute")
    .style("inset", "0")
    .style("pointer-events", "none")
    .attr("role", "img")
    .attr("aria-label", "Trajectories in three dimensions");
  const loops = root
    .append("svg")
    .style("position", "absolute")
    .style("inset", "0")
    .style("width", "100%")
    .style("height", "100%")
    .style("pointer-events", "none")
    .attr("aria-hidden", "true");
  const controls = new OrbitControls(camera, renderer.domElement);
  controls.enableDamping = false;
  controls.addEventListener("change", schedule);
  let front: LineSegments2 | undefined;
  let rest: LineSegments | undefined;
  let over: LineSegments2[] = [];
  let lassoed = false;
  let labels: SpaceLabels;

  select(renderer.domElement)
    .on("pointermove", (event: PointerEvent) => {
      if (event.buttons === 0) props.onHover(spotAt(event), [event.clientX, event.clientY]);
    })
    .on("pointerleave", (event: PointerEvent) => props.onHover(undefined, [event.clientX, event.clientY]));
  let pressed: readonly [number, number] = [0, 0];
  renderer.domElement.addEventListener("pointerdown", press, {capture: true});
  renderer.domElement.addEventListener("click", (event) => {
    if (lassoed) return;
    if (Math.hypot(event.clientX - pressed[0], event.clientY - pressed[1]) <= CLICK_SLACK)
      props.onPick(spotAt(event), event.shiftKey || event.metaKey || event.ctrlKey);
  });
  renderer.domElement.addEventListener("dblclick", fit);

  /** Before the controls hear of it: what draws a lasso does not turn the picture. */
  function press(event: PointerEvent): void {
    pressed = [event.clientX, event.clientY];
    lassoed = false;
    const draws = (props.lasso || event.shiftKey) && event.button === 0;
    controls.enabled = !draws;
    if (!draws) return;
    drawLasso(loops.node() as SVGSVGElement, loops.append("g"), event, {
      colour: props.palette.accent,
      done(corners) {
        loops.selectAll("*").remove();
        controls.enabled = true;
        lassoed = corners !== undefined;
        if (corners) props.onLasso(tokensWithin(props, camera, corners));
      }
    });
  }

  function spotAt(event: MouseEvent): Spot | undefined {
    const {left, top} = renderer.domElement.getBoundingClientRect();
    return nearestOnScreen(props, camera, [event.clientX - left, event.clientY - top], HIT_RADIUS);
  }

  function clear(): void {
    for (const lines of [front, rest, ...over]) {
      if (!lines) continue;
      scene.remove(lines);
      lines.geometry.dispose();
      (lines.material as Material).dispose(); // each has one
    }
  }

  function build(): void {
    clear();
    const {space, chosen, init, colourOf, palette, step, width, height} = props;
    const all = [...Array(space.points.tokens).keys()];
    const known = chosen.filter((token) => token < all.length);
    const inits = init === undefined ? [...Array(space.points.inits).keys()] : [init];
    const behind = segmentsIn(space, known.length ? all.filter((token) => !known.includes(token)) : [], inits, {
      colourOf: () => palette.faint,
      step: Infinity,
      paper: palette.paper
    });
    rest = new LineSegments(new BufferGeometry(), new LineBasicMaterial({vertexColors: true, transparent: true, opacity: 0.5}));
    rest.geometry
      .setAttribute("position", new BufferAttribute(behind.places, 3))
      .setAttribute("color", new BufferAttribute(behind.colours, 3));
    front = thickLines(
      segmentsIn(space, known.length ? known : all, inits, {colourOf, step, paper: palette.paper}),
      known.length ? 2 : 1.2
    );
    over = space.over.map((other) =>
      thickLines(
        segmentsIn(other, other.tokens, shownInits(init, other.points), {colourOf: () => other.colour, step, paper: palette.paper}),
        1.4
      )
    );
    for (const lines of [front, ...over]) lines.material.resolution.set(width, height);
    rest.frustumCulled = false;
    scene.add(rest, front, ...over);
  }

  function resize(): void {
    const {width, height} = props;
    renderer.setPixelRatio(devicePixelRatio);
    renderer.setSize(width, height);
    camera.aspect = width / height;
    camera.updateProjectionMatrix();
    svg.attr("width", width).attr("height", height);
    for (const lines of [...(front ? [front] : []), ...over]) lines.material.resolution.set(width, height);
  }

  function fit(): void {
    const box = new Box3(new Vector3(...props.space.low), new Vector3(...props.space.high));
    const centre = box.getCenter(new Vector3());
    const size = box.getSize(new Vector3()).length() || 1;
    camera.near = size / 1000;
    camera.far = size * 20;
    camera.position
      .copy(centre)
      .add(new Vector3(0.75, 0.5, 1).normalize().multiplyScalar(size * Math.max(1.12, 1.3 * (props.height / props.width))));
    camera.updateProjectionMatrix();
    controls.target.copy(centre);
    controls.update();
    schedule();
  }

  function drawNow(): void {
    renderer.render(scene, camera);
    labels = drawSpaceLabels(svg, props, camera);
  }

  function schedule(): void {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(drawNow);
  }

  resize();
  build();
  fit();
  return {
    update(next) {
      const before = props;
      props = next;
      const changed = (...keys: (keyof SpaceProps)[]): boolean => keys.some((key) => before[key] !== next[key]);
      if (changed("width", "height")) resize();
      if (changed("space", "chosen", "init", "colourOf", "palette", "step")) build();
      if (changed("basis")) fit();
      renderer.domElement.style.cursor = props.lasso ? "crosshair" : "";
      schedule();
    },
    destroy() {
      cancelAnimationFrame(frame);
      clear();
      controls.dispose();
      renderer.dispose();
      root.selectAll("*").remove();
    },
    fit,
    zoomBy(factor) {
      camera.position
        .sub(controls.target)
        .multiplyScalar(1 / factor)
        .add(controls.target);
      controls.update();
      schedule();
    },
    picture() {
      drawNow(); // the drawing buffer is there only until the frame ends
      const copy = select(svg.node()?.cloneNode(true) as SVGSVGElement);
      copy
        .insert("image", ":first-child")
        .attr("width", props.width)
        .attr("height", props.height)
        .attr("href", renderer.domElement.toDataURL());
      copy.attr("aria-label", labels.text);
      return copy.node() as SVGSVGElement;
    }
  };
}

function webGlRenderer(): WebGLRenderer {
  try {
    return new WebGLRenderer({antialias: true, alpha: true});
  } catch (cause) {
    throw new Error("this browser offers no WebGL; turn on hardware acceleration, or choose a flat picture", {cause});
  }
}

/** Lines thicker than a pixel, which WebGL does not draw by itself. */
function thickLines({places, colours}: {places: Float32Array; colours: Float32Array}, linewidth: number): LineSegments2 {
  const geometry = new LineSegmentsGeometry();
  geometry.setPositions(places.length ? places : new Float32Array(6));
  geometry.setColors(colours.length ? colours : new Float32Array(6));
  const lines = new LineSegments2(geometry, new LineMaterial({vertexColors: true, linewidth}));
  lines.frustumCulled = false;
  return lines;
}
