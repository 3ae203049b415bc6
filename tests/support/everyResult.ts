import {createHash} from "node:crypto";
import {readFile} from "node:fs/promises";
import {availableParallelism} from "node:os";
import {join} from "node:path";
import type {z} from "zod";
import {projectionQuerySchema} from "../../api/contract/contract.ts";
import {compute, type Computation} from "../../api/work/compute.ts";
import {capture} from "../../capture/job/capture.ts";
import {captureSpecSchema} from "../../capture/job/captureSpec.ts";
import {loadEngine} from "../../capture/engine/loadEngine.ts";
import {huginn} from "../../capture/families/huginn/huginn.ts";
import {shapes, writeRandomCheckpoint} from "../../fixtures/randomCheckpoint.ts";
import {evaluationIn, experimentIn, generationTo} from "./kills/modelDeeds.ts";

/** Makes one of everything in a folder, with as many threads as the system gives this process, and prints a hash of each. */
const [folder] = process.argv.slice(2);
const at = (name: string): string => join(folder, name);
const hashes: Record<string, string> = {};
const keep = (name: string, bytes: Uint8Array): void => {
  hashes[name] = createHash("sha256").update(bytes).digest("hex").slice(0, 16);
};

await writeRandomCheckpoint(at("wide"), {config: shapes.w512, family: huginn, seed: 1}); // wide enough that products are shared by threads
const engine = await loadEngine(at("wide"));
const token_ids = Array.from({length: 24}, (_, i) => 3 + 7 * i);
const spec = captureSpecSchema.parse({model: at("wide"), dir: at("captured"), token_ids, inits: 3, steps: 24, seed: 5});
await capture(spec, {engine: async () => engine});
await engine.dispose();
keep("capture", await readFile(join(at("captured"), "states.safetensors")));
keep("readout", await readFile(join(at("captured"), "readout.safetensors")));

await generationTo(at("generated"));
keep("generate", await readFile(join(at("generated"), "states.safetensors")));
await experimentIn(at("experiment"), availableParallelism());
keep("experiment", await readFile(join(at("experiment"), "results.jsonl")));
await evaluationIn(at("evaluation"));
keep("evaluation", await readFile(join(at("evaluation"), "results.jsonl")));

const projection = (method: string, fit: string): Computation => ({
  kind: "projection",
  query: (projectionQuerySchema as z.ZodType<Extract<Computation, {kind: "projection"}>["query"]>).parse({
    method,
    fit,
    dims: "2",
    seed: "1"
  })
});
const questions: Readonly<Record<string, Computation>> = {
  metrics: {kind: "metrics", site: "state"},
  patterns: {kind: "patterns", site: "state"},
  pca: projection("pca", "all"),
  "pca by token": projection("pca", "token"),
  umap: projection("umap", "all")
};
for (const [name, question] of Object.entries(questions)) keep(name, await compute(at("captured"), question));
console.log(JSON.stringify({threads: availableParallelism(), hashes}));
process.exit(0);
