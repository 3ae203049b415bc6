import {captureOperations} from "./captureOperations.ts";
import {censusOperations} from "./censusOperations.ts";
import {evaluationOperations} from "./evaluationOperations.ts";
import {experimentOperations} from "./experimentOperations.ts";
import {importOperations} from "./importOperations.ts";
import {modelOperations} from "./modelOperations.ts";
import {runOperations} from "./runOperations.ts";
import {serverOperations} from "./serverOperations.ts";
import {streamOperations} from "./streamOperations.ts";
import {trainingOperations} from "./trainingOperations.ts";
import type {Operation} from "./operation.ts";

/** Every operation of the server; a test compares this list with the routes. */
export const operations: readonly Operation[] = [
  ...serverOperations,
  ...modelOperations,
  ...runOperations,
  ...importOperations,
  ...captureOperations,
  ...streamOperations,
  ...experimentOperations,
  ...evaluationOperations,
  ...censusOperations,
  ...trainingOperations
];
