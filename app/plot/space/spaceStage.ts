import {Box3, PerspectiveCamera, Scene, Vector3, WebGLRenderer} from "three";
import {OrbitControls} from "three/examples/jsm/controls/OrbitControls.js";
import type {SpaceProps} from "./spaceProps.ts";

/** Where a picture in three dimensions is seen from, and what draws it. */
export interface SpaceStage {
  readonly scene: Scene;
  readonly camera: PerspectiveCamera;
  readonly canvas: HTMLCanvasElement;
  readonly controls: OrbitControls;
  render(): void;
  resize(size: Pick<SpaceProps, "width" | "height">): void;
  /** The whole box, seen from in front and above. */
  fit(props: Pick<SpaceProps, "space" | "width" | "height">): void;
  zoomBy(factor: number): void;
  destroy(): void;
}

/** A stage in a node. Throws where the browser offers no WebGL. */
export function spaceStage(node: HTMLElement, onChange: () => void): SpaceStage {
  const renderer = webGlRenderer();
  const scene = new Scene();
  const camera = new PerspectiveCamera(35, 1, 0.01, 100);
  const canvas = renderer.domElement;
  node.append(canvas);
  const controls = new OrbitControls(camera, canvas);
  controls.enableDamping = false;
  controls.addEventListener("change", onChange);
  return {
    scene,
    camera,
    canvas,
    controls,
    render: () => renderer.render(scene, camera),
    resize({width, height}) {
      renderer.setPixelRatio(devicePixelRatio);
      renderer.setSize(width, height);
      camera.aspect = width / height;
      camera.updateProjectionMatrix();
    },
    fit(props) {
      controls.target.copy(aim(camera, props));
      controls.update();
      onChange();
    },
    zoomBy(factor) {
      camera.position
        .sub(controls.target)
        .multiplyScalar(1 / factor)
        .add(controls.target);
      controls.update();
      onChange();
    },
    destroy() {
      controls.dispose();
      renderer.dispose();
    }
  };
}

/** Puts the camera where it sees the whole box; gives the middle of it. */
function aim(camera: PerspectiveCamera, {space, width, height}: Pick<SpaceProps, "space" | "width" | "height">): Vector3 {
  const box = new Box3(new Vector3(...space.low), new Vector3(...space.high));
  const centre = box.getCenter(new Vector3());
  const size = box.getSize(new Vector3()).length() || 1;
  camera.near = size / 1000;
  camera.far = size * 20;
  camera.position.copy(centre).add(new Vector3(0.75, 0.5, 1).normalize().multiplyScalar(size * Math.max(1.12, 1.3 * (height / width))));
  camera.updateProjectionMatrix();
  return centre;
}

function webGlRenderer(): WebGLRenderer {
  try {
    return new WebGLRenderer({antialias: true, alpha: true});
  } catch (cause) {
    throw new Error("this browser offers no WebGL; turn on hardware acceleration, or choose a flat picture", {cause});
  }
}
