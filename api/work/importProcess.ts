import {join} from "node:path";
import {answerOrders} from "../../capture/service/answerOrders.ts";
import {importRun, type ImportedRuns} from "../exchange/importRun.ts";
import type {ImportOrder} from "./importer.ts";

/** A process that imports, for importer.ts. */

answerOrders<ImportOrder, ImportedRuns>(({folder, file, created, ...options}) =>
  importRun(file === undefined ? folder : join(folder, file), {...options, now: () => new Date(created)})
);
