import type {Logger} from "pino";
import {startCaptureService} from "../../capture/service/captureService.ts";
import type {Limits} from "../captures/quota.ts";
import {createGenerator} from "../generate/generator.ts";
import {createComputePool} from "../work/computePool.ts";
import {createImporter} from "../work/importer.ts";
import {createPreparation} from "../work/preparation.ts";

export type Workers = ReturnType<typeof startWorkers>;

/** The processes that compute for the server, each started when it is first needed. */
export function startWorkers({limits, log}: {readonly limits: Limits; readonly log: Logger}) {
  const linesFrom = (from: string) => (line: string) => log.info({from}, line);
  const service = startCaptureService({log: linesFrom("capture service")});
  const inspector = startCaptureService({log: linesFrom("inspection service")}); // its own, so that a look does not wait for a capture
  const pool = createComputePool({most: limits.analyses});
  const importer = createImporter();
  const generator = createGenerator({log: linesFrom("generation process")});
  const preparation = createPreparation();
  return {
    service,
    inspector,
    pool,
    importer,
    generator,
    preparation,
    async close(): Promise<void> {
      await Promise.all([service, inspector, pool, generator, importer, preparation].map((one) => one.close()));
    }
  };
}
