import {cp, mkdir} from "node:fs/promises";
import {join} from "node:path";
import {importRun} from "../../../api/exchange/importRun.ts";
import {exampleRun} from "../../../fixtures/makeExampleRun.ts";
import {captureTo, CENSUS_FILES, censusIn, evaluationIn, experimentIn, generationTo, TRAINING_FILES, trainingIn} from "./modelDeeds.ts";
import {analysisIn, contentOf, exportTo, fileHash, hashOf, placesIn, statesHash, statesOf, type Places} from "./places.ts";

/** What each deed makes where nobody disturbs it. */
export interface Reference {
  readonly captured: Float32Array;
  readonly generated: Float32Array;
  readonly old: string;
  readonly new: string;
  readonly kept: string;
  readonly exported: string;
  readonly analysis: string;
  readonly experiment: string;
  readonly evaluation: string;
  readonly census: string;
  readonly training: string;
}

/** The file that experiments and evaluations come to. */
export const RESULTS = ["results.jsonl"];

/** Where deeds are done, and what each makes in peace. */
export interface Ground {
  readonly places: Places;
  readonly reference: Reference;
}

/** Makes what the deeds begin with, and does each of them once in peace. */
export async function prepared(folder: string): Promise<Ground> {
  const places = placesIn(folder);
  const {runs, experiments, evaluations, censuses, trainings, exports, oldFile, newFile} = places;
  const at = (name: string) => join(folder, "peace", name);
  for (const dir of [runs, experiments, evaluations, censuses, trainings, exports, at(".")]) await mkdir(dir, {recursive: true});
  await captureTo(at("first"), {seed: 1, steps: 6});
  await captureTo(at("second"), {seed: 2, steps: 6});
  await captureTo(at("captured"));
  await exportTo(at("first"), oldFile);
  await exportTo(at("second"), newFile);
  for (const name of ["kept", "analysed"])
    await cp(exampleRun, join(runs, name), {recursive: true, filter: (path) => !path.endsWith("analysis")});
  await importRun(oldFile, {out: join(runs, "replaced")});
  await generationTo(at("generated"));
  await experimentIn(at("experiment"));
  await evaluationIn(at("evaluation"));
  await censusIn(at("census"));
  await trainingIn(at("training"));
  await exportTo(join(runs, "kept"), at("kept.npz"));
  return {
    places,
    reference: {
      captured: await statesOf(at("captured")),
      generated: await statesOf(at("generated")),
      old: await statesHash(at("first")),
      new: await statesHash(at("second")),
      kept: await statesHash(join(runs, "kept")),
      exported: await fileHash(at("kept.npz")),
      analysis: hashOf(await analysisIn(places)),
      experiment: await contentOf(at("experiment"), RESULTS),
      evaluation: await contentOf(at("evaluation"), RESULTS),
      census: await contentOf(at("census"), CENSUS_FILES),
      training: await contentOf(at("training"), TRAINING_FILES)
    }
  };
}
