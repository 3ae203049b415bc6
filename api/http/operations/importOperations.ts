import {importRequestSchema, importedSchema} from "../../contract/contract.ts";
import type {Operation} from "./operation.ts";

/** Runs that come in from files. */
export const importOperations: readonly Operation[] = [
  {method: "put", path: "/api/uploads/{upload}/{file}", summary: "A file of what is to be imported, as it is"},
  {
    method: "post",
    path: "/api/imports",
    summary: "Make runs of what was uploaded",
    body: importRequestSchema,
    answer: importedSchema,
    status: 201
  }
];
