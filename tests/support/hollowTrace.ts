import {mkdir, open, truncate, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {rowOf} from "../../analysis/matrix.ts";
import {seededRandom} from "../../analysis/random.ts";
import {npyHeader} from "../../api/exchange/npyHeader.ts";
import {headerOf} from "../../capture/trace/safetensorsHeader.ts";
import {smallAnnouncement} from "./smallTrace.ts";
import {walkNull} from "./nulls.ts";
import {contractionPath, orbitPath, sliderPath, type Shape} from "./trajectories.ts";

export interface HollowShape {
  readonly steps: number;
  readonly tokens: number;
  readonly width: number;
}

const KINDS = [
  {label: "orbit", path: (shape: Shape) => orbitPath(shape, {period: 5.3, transient: false}).path},
  {label: "converging", path: (shape: Shape) => contractionPath(shape, {rate: 0.8}).path},
  {label: "slider", path: (shape: Shape) => sliderPath(shape).path},
  {label: "unsettled", path: (shape: Shape) => walkNull(shape)}
] as const;

/**
 * A trace of any size that takes little of a disk: every `every`th token moves, in the four ways in turn, and all else is a hole, which reads as
 * zeros. Beside the folder lies `FOLDER.npy` with the same states. Gives by token what it is; those that are not named stand still.
 */
export async function hollowTrace(dir: string, {steps, tokens, width}: HollowShape, every: number): Promise<ReadonlyMap<number, string>> {
  const bytes = 4 * steps * tokens * width;
  await mkdir(dir, {recursive: true});
  const tensor = headerOf([{name: "state", dtype: "F32", shape: [steps, 1, tokens, width]}]);
  const places = [
    {path: join(dir, "states.safetensors"), header: tensor},
    {path: `${dir}.npy`, header: npyHeader({dtype: "F32", shape: [steps, tokens, width]})}
  ];
  const kinds = new Map<number, string>();
  for (const {path, header} of places) {
    await writeFile(path, header);
    await truncate(path, header.length + bytes);
    const file = await open(path, "r+");
    const random = seededRandom(7);
    for (let token = 0, i = 0; token < tokens; token += every, ++i) {
      const {label, path: pathOf} = KINDS[i % KINDS.length];
      const states = pathOf({random, steps, width, onSphere: false, amplitude: 100});
      kinds.set(token, label);
      for (let step = 0; step < steps; ++step)
        await file.write(
          new Uint8Array(rowOf(states, step).slice().buffer),
          0,
          4 * width,
          header.length + 4 * (step * tokens + token) * width
        );
    }
    await file.close();
  }
  const announcement = {...smallAnnouncement({steps: steps - 1, inits: 1, tokens, width}), norm: null, prompt: null, title: "hollow"};
  const texts = Array.from({length: tokens}, (_, id) => ({id, text: `w${id} `}));
  const written = {status: "complete", stopped: null, steps_written: steps - 1, step_ms: Array<number>(steps - 1).fill(1)};
  await writeFile(join(dir, "trace.json"), JSON.stringify({...announcement, ...written, tokens: texts}));
  return kinds;
}
