import {readdir} from "node:fs/promises";
import {join} from "node:path";
import type {Engine} from "./engine.ts";
import type {EngineChoice} from "./engineOptions.ts";
import {loadEngine} from "./loadEngine.ts";
import {modelStamp} from "../model/modelHash.ts";

/** Keeps the model that was used last loaded, so that the next job with it starts at once. */
export interface ModelKeeper {
  /** The loaded model; it belongs to the keeper, and the next call may dispose of it. */
  engineFor(choice: EngineChoice): Promise<Engine>;
  dispose(): Promise<void>;
}

export function createModelKeeper({log}: {readonly log?: (line: string) => void} = {}): ModelKeeper {
  let kept: {readonly key: string; readonly engine: Engine} | undefined;

  async function dispose(): Promise<void> {
    const engine = kept?.engine;
    kept = undefined;
    await engine?.dispose();
  }

  return {
    dispose,
    async engineFor({model, engine, dtype, device}) {
      const key = JSON.stringify([model, engine, dtype, device, await folderStamp(model)]);
      if (kept?.key === key) return kept.engine;
      await dispose(); // before the next one is loaded: two may not fit
      kept = {key, engine: await loadEngine(model, {engine, dtype, device, log})};
      return kept.engine;
    }
  };
}

/** Changes when a file of the checkpoint does. A folder that is not there is left for the loader to name. */
async function folderStamp(folder: string): Promise<string> {
  const names = await readdir(folder).catch(() => []);
  return modelStamp(
    names
      .filter((name) => /\.(json|safetensors)$/.test(name))
      .sort()
      .map((name) => join(folder, name))
  );
}
