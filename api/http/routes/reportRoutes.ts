import {Router} from "express";
import {readTrace} from "../../../capture/trace/reader.ts";
import type {AnalysisCache, Question} from "../../work/analysisCache.ts";
import type {ComputePool} from "../../work/computePool.ts";
import {HttpError} from "../../contract/httpError.ts";
import type {ModelStore} from "../../models/modelStore.ts";
import {keptSpectra} from "../../report/keptSpectra.ts";
import {refuseUndrawable, reportProjection, SITE} from "../../report/collectRun.ts";
import type {RunStore} from "../../runs/runStore.ts";
import {askerOf} from "./askerOf.ts";

interface ReportRouteParts {
  readonly runs: RunStore;
  readonly models: ModelStore;
  readonly analyses: AnalysisCache;
  readonly pool: ComputePool;
}

/** Reports as files to keep. */
export function reportRoutes({runs, models, analyses, pool}: ReportRouteParts): Router {
  const router = Router({caseSensitive: true});

  router.get("/runs/:run/report", async ({params}, response) => {
    const place = await runs.find(params.run);
    const trace = await readTrace(place.dir);
    refuseUndrawable(trace); // before hours are spent on its answers
    const {title} = await runs.summary(place);
    const asker = askerOf(response);
    const answer = (question: Question) => analyses.answer(place, question, asker);
    const [metrics, patterns, projection] = await Promise.all([
      answer({kind: "metrics", site: SITE}),
      answer({kind: "patterns", site: SITE, argued: true}),
      answer({kind: "projection", query: reportProjection(trace)})
    ]);
    const computation = {
      kind: "report",
      title,
      notes: await runs.notes(place),
      model: await folderOf(models, trace.model.name),
      spectra: await keptSpectra(place.dir, trace),
      answers: {metrics, patterns, projection}
    } as const;
    const bytes = await pool.run(place.dir, computation, asker);
    response.attachment(`${place.id}.html`).send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  });

  return router;
}

/** The folder of a run's model; null where the model is not here any more, which a report can do without. */
async function folderOf(models: ModelStore, name: string): Promise<string | null> {
  return models.find(name).catch((error: unknown) => {
    if (error instanceof HttpError && error.status === 404) return null;
    throw error;
  });
}
