import {rm} from "node:fs/promises";
import {join} from "node:path";
import {createModelKeeper} from "../../capture/engine/modelKeeper.ts";
import {capture} from "../../capture/job/capture.ts";
import {captureSpecSchema} from "../../capture/job/captureSpec.ts";
import {openTrace} from "../../capture/trace/reader.ts";
import {exportRun} from "../../api/exchange/exportRun.ts";
import {importRun} from "../../api/exchange/importRun.ts";
import {runExperiment} from "../../api/experiments/experiment.ts";
import {createRunStore} from "../../api/runs/runStore.ts";
import {createAnalysisCache} from "../../api/work/analysisCache.ts";
import {compute} from "../../api/work/compute.ts";
import {experimentRequest, STEPS, type Deed, type Places} from "./nothingLost.ts";
import {shippedModel} from "./shippedModel.ts";

/** A process that does one kind of thing over and over until it is killed: started by nothingLost.ts, told what and where. */

process.on("message", ({deed, places, round}: {deed: Deed; places: Places; round: number}) => void begin(deed, places, round));
process.on("disconnect", () => process.exit(0));

async function begin(deed: Deed, places: Places, round: number): Promise<void> {
  const once = await deeds[deed](places);
  await once(`warm-${round}`, 0); // with everything loaded
  process.send!("ready");
  for (let i = 1; ; ++i) await once(`r${round}-${i}`, i);
}

const deeds: Readonly<Record<Deed, (places: Places) => Promise<(name: string, i: number) => Promise<unknown>>>> = {
  async capture({runs}) {
    const models = createModelKeeper();
    return (name) => {
      const spec = captureSpecSchema.parse({model: shippedModel, dir: join(runs, name), prompt: "1+2=", inits: 2, steps: STEPS});
      return capture(spec, {engine: () => models.engineFor(spec)});
    };
  },
  experiment:
    async ({experiments}) =>
    (name) =>
      runExperiment(join(experiments, name), experimentRequest, {workers: 1}),
  async delete({runs}) {
    const store = createRunStore({runs});
    return async () => {
      await store.remove("kept");
      await store.restore("kept");
    };
  },
  import:
    async ({runs, oldFile}) =>
    (name) =>
      importRun(oldFile, {out: join(runs, `i-${name}`)}),
  force:
    async ({runs, oldFile, newFile}) =>
    (_, i) =>
      importRun(i % 2 === 0 ? newFile : oldFile, {out: join(runs, "replaced"), overwrite: true}),
  export:
    async ({runs, exports}) =>
    async (name) => {
      const reader = await openTrace(join(runs, "kept"));
      try {
        await exportRun(reader, {format: "npz", out: join(exports, `${name}.npz`)});
      } finally {
        await reader.close();
      }
    },
  async analysis({runs}) {
    const cache = createAnalysisCache((dir, question) => compute(dir, question as Parameters<typeof compute>[1]));
    const place = {id: "analysed", dir: join(runs, "analysed"), example: false};
    return async () => {
      await rm(join(place.dir, "analysis"), {recursive: true, force: true});
      await cache.answer(place, {kind: "metrics", site: "state"});
    };
  }
};
