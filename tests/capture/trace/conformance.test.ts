import {readdir, readFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {z} from "zod";
import {openTrace, readTrace} from "../../../capture/trace/reader.ts";
import {PUBLISHED_SCHEMA, traceJsonSchema} from "../../../docs/makeTraceSchema.ts";
import {CONFORMANCE, readPlan, writePlanned} from "../../../fixtures/traces/makeConformance.ts";
import {pythonWith} from "../../support/python.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

const numpy = pythonWith("numpy");
const jsonschema = pythonWith("jsonschema");
const script = join(import.meta.dirname, "../../../capture/torch");
const runs = [
  {name: "complete", isStopped: false},
  {name: "stopped", isStopped: true}
] as const;

/** The plan, carried out by capture_trace.py's writer. */
const PYTHON_WRITER = `import sys, json
sys.path.insert(0, sys.argv[1])
import numpy as np, capture_trace
folder, is_stopped = sys.argv[3], sys.argv[4] == "stopped"
with open(sys.argv[2], encoding="utf-8") as file: plan = json.load(file)
def slab(tensor, step):
    numbers = step * 1000 + np.arange(np.prod(tensor["shape"]))
    if tensor["dtype"] == "I32": return numbers.astype(np.int32)
    return np.full(numbers.shape, np.nan, np.float32) if step == 0 and tensor["name"] in ("gate", "kl_prev") else numbers.astype(np.float32)
def tensors(planned): return [capture_trace.Tensor(t["name"], t["dtype"], t["shape"], t["steps"], t["first_step"]) for t in planned]
writer = capture_trace.TraceWriter(folder, plan["announcement"], tensors(plan["states"]), tensors(plan["readout"]))
for tensor in plan["states"]:
    if tensor["steps"] is None: writer.states.write(tensor["name"], slab(tensor, 0))
last = plan["stopped"]["after"] if is_stopped else plan["announcement"]["steps"]
for step in range(last + 1):
    for tensor in plan["states"]:
        if tensor["steps"] is not None and step >= tensor["first_step"]: writer.states.write(tensor["name"], slab(tensor, step), step)
    for tensor in plan["readout"]: writer.readout.write(tensor["name"], slab(tensor, step), step)
    writer.finish_step(step, step)
if is_stopped: writer.stop(plan["stopped"]["reason"])
else:
    writer.write_texts(plan["texts"])
    writer.complete()`;

/** Every file of a trace folder by name: JSON as values, the rest as bytes. */
async function contentOf(dir: string): Promise<Record<string, unknown>> {
  const names = (await readdir(dir)).sort();
  const content = await Promise.all(
    names.map(async (name) => {
      const bytes = await readFile(join(dir, name));
      return [name, name.endsWith(".json") ? JSON.parse(bytes.toString("utf8")) : bytes.toString("base64")];
    })
  );
  return Object.fromEntries(content);
}

describe.each(runs)("the conformance folder, $name", ({name, isStopped}) => {
  const committed = join(CONFORMANCE, name);

  it("is what Orrery's writer makes of the plan", async () => {
    const dir = join(await temporaryFolder(), "run");
    await writePlanned(dir, await readPlan(), {isStopped});
    expect(await contentOf(dir)).toEqual(await contentOf(committed));
  });

  it.skipIf(!numpy)("is what capture_trace.py's writer makes of the plan", async () => {
    const dir = join(await temporaryFolder(), "run");
    numpy!(PYTHON_WRITER, script, join(CONFORMANCE, "plan.json"), dir, name);
    expect(await contentOf(dir)).toEqual(await contentOf(committed));
  });

  it("opens, with the numbers of the plan at their steps", async () => {
    const reader = await openTrace(committed);
    const last = isStopped ? 2 : 3;
    expect(reader.extentOf("low")).toEqual({firstStep: 0, lastStep: last, width: 4});
    expect(reader.extentOf("core.0.out")).toEqual({firstStep: 1, lastStep: last, width: 4});
    const [first] = (await reader.readSite("core.0.out", {steps: [last, last], inits: [1], tokens: [2]})).data;
    expect(first).toBe(last * 1000 + 20); // init 1 of 2, token 2 of 3, width 4
    expect((await reader.readReadout(["gate"]))!.gate.data.slice(5, 7)).toEqual(Float32Array.of(Number.NaN, 1000));
    await reader.close();
  });
});

describe("trace.schema.json", () => {
  const published = async (): Promise<Record<string, unknown>> => JSON.parse(await readFile(PUBLISHED_SCHEMA, "utf8"));
  const traces = [...runs.map(({name}) => join(CONFORMANCE, name)), join(import.meta.dirname, "../../../fixtures/runs/sum-and-parity")];
  const textOf = (dir: string): Promise<string> => readFile(join(dir, "trace.json"), "utf8");

  it("is what Orrery checks a trace.json with (npx tsx docs/makeTraceSchema.ts makes it again)", async () => {
    expect(await published()).toEqual(JSON.parse(JSON.stringify(traceJsonSchema())));
  });

  it("takes the traces that ship, and none of another version or without a field", async () => {
    const schema = z.fromJSONSchema(await published());
    for (const dir of traces) expect(schema.safeParse(JSON.parse(await textOf(dir))).success, dir).toBe(true);
    const trace = await readTrace(traces[0]);
    const {family: _, ...without} = trace;
    for (const broken of [without, {...trace, schema: "orrery-trace/3"}, {...trace, sites: ["state"]}, {...trace, width: 0}])
      expect(schema.safeParse(broken).success).toBe(false);
  });

  it.skipIf(!jsonschema)("means the same to another validator", async () => {
    const code = `import json, sys, jsonschema
schema = json.load(open(sys.argv[1]))
jsonschema.Draft202012Validator.check_schema(schema)
for path in sys.argv[2:]: jsonschema.validate(json.load(open(path, encoding="utf-8")), schema)
try: jsonschema.validate({**json.load(open(sys.argv[2], encoding="utf-8")), "sites": ["state"]}, schema)
except jsonschema.ValidationError as error: print("refused", list(error.path))`;
    expect(jsonschema!(code, PUBLISHED_SCHEMA, ...traces.map((dir) => join(dir, "trace.json"))).trim()).toBe("refused ['sites', 0]");
  });
});
