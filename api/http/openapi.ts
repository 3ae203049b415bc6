import {z} from "zod";
import {software} from "../../capture/software.ts";
import {errorSchema} from "../contract/contract.ts";
import type {Operation} from "./operations/operation.ts";
import {operations} from "./operations/operations.ts";

/** The server's description, OpenAPI 3.1, out of the schemas that it checks with. */
export function openapi(): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) (paths[operation.path] ??= {})[operation.method] = describe(operation);
  return {
    openapi: "3.1.0",
    info: {title: "Orrery", version: software.version, description: "A workbench for looking inside recurrent-depth language models"},
    paths
  };
}

function describe({path, summary, query, body, answer, status}: Operation): Record<string, unknown> {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({name, in: "path", required: true, schema: {type: "string"}}));
  return {
    summary,
    parameters: [...inPath, ...(query ? queryParameters(query) : [])],
    ...(body ? {requestBody: {required: true, content: {"application/json": {schema: schemaOf(body, "input")}}}} : {}),
    responses: {
      [status ?? (answer ? 200 : 204)]: answer ? {description: summary, content: contentOf(answer)} : {description: summary},
      default: {description: "What was wrong, in one line", content: {"application/json": {schema: schemaOf(errorSchema, "output")}}}
    }
  };
}

function contentOf(answer: NonNullable<Operation["answer"]>): Record<string, unknown> {
  if (answer === "events") return {"text/event-stream": {schema: {type: "string"}}};
  if (answer === "html") return {"text/html": {schema: {type: "string"}}};
  if (answer === "file") return {"*/*": {schema: {type: "string", format: "binary"}}};
  if (answer instanceof z.ZodType) return {"application/json": {schema: schemaOf(answer, "output")}};
  return {
    "application/octet-stream": {
      schema: {type: "string", format: "binary", description: `safetensors: ${(answer as readonly string[]).join(", ")}`}
    }
  };
}

function queryParameters(query: z.ZodType): unknown[] {
  const {properties = {}, required = []} = schemaOf(query, "input") as {properties?: Record<string, unknown>; required?: string[]};
  return Object.entries(properties).map(([name, schema]) => ({name, in: "query", required: required.includes(name), schema}));
}

function schemaOf(schema: z.ZodType, io: "input" | "output"): Record<string, unknown> {
  const {$schema, ...json} = z.toJSONSchema(schema, {io, unrepresentable: "any"}) as Record<string, unknown>;
  return json;
}
