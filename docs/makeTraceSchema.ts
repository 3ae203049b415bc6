import {writeFile} from "node:fs/promises";
import {join} from "node:path";
import {z} from "zod";
import {TRACE_SCHEMA, traceSchema} from "../capture/trace/schema.ts";

// Run `npx tsx docs/makeTraceSchema.ts` after a change of capture/trace/schema.ts; tests/capture/trace/conformance.test.ts fails until then.

export const PUBLISHED_SCHEMA = join(import.meta.dirname, "trace.schema.json");

/** The JSON Schema of trace.json, made of what Orrery itself checks it with. */
export const traceJsonSchema = (): unknown => ({
  title: `trace.json of ${TRACE_SCHEMA}`,
  ...z.toJSONSchema(traceSchema, {target: "draft-2020-12", io: "input"})
});

if (process.argv[1] === import.meta.filename) await writeFile(PUBLISHED_SCHEMA, `${JSON.stringify(traceJsonSchema(), undefined, 2)}\n`);
