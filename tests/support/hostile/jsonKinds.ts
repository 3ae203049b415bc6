import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {patchEdits} from "../../../api/captures/patchEdits.ts";
import {readPromptLines} from "../../../api/captures/promptFile.ts";
import {generateRequestSchema} from "../../../api/contract/contract.ts";
import {evalOptions} from "../../../api/contract/evalSchemas.ts";
import {createEval, openEval} from "../../../api/eval/evalFolder.ts";
import {prepareEval} from "../../../api/eval/prepareEval.ts";
import {readTask} from "../../../api/eval/taskFile.ts";
import {checked} from "../../../api/http/checked.ts";
import {generateSpecSchema} from "../../../capture/generate/generateSpec.ts";
import {readJsonFile} from "../../../capture/trace/jsonFile.ts";
import {Refusal} from "../../../capture/trace/refusal.ts";
import {z} from "zod";
import {shippedModel} from "../shippedModel.ts";
import type {HostileKind} from "./hostileKind.ts";
import {mutatedJson, oneOf, type Draw} from "./mutate.ts";
import {written} from "./written.ts";

const JSON_FILE = {maxBytes: 2 ** 20, error: Refusal};
const CHOICE = {prompt: "1+1=", choices: ["2", "3"], answer: "2", task: "sums"};
const TEXT = {prompt: "1+1=", answer: "2\n", until: ["\n"], filter: "exact"};
const CHOICE_SAMPLE = {
  doc_id: 3,
  target: 1,
  arguments: [
    ["Q:", " a"],
    ["Q:", " b"]
  ],
  filter: "none",
  acc: 1
};
const TEXT_SAMPLE = {
  doc_id: 0,
  target: "so #### 72",
  arguments: {gen_args_0: {arg_0: "Q:", arg_1: {until: ["Q:", "</s>"], max_gen_toks: 256}}},
  filter: "strict-match"
};
const EDITS = [
  {op: "scale", site: "state", steps: [2, 3], tokens: [0], factor: 0.5},
  {op: "set", site: "state", step: 1, tokens: [0], vector: [1, 2, 3]},
  {op: "patch", run: "other", site: "state", step: 1, tokens: [0]},
  {op: "freeze", tokens: [0], from: 2}
];
const GENERATION = {
  model: "tiny-arithmetic",
  prompt: "1+1=",
  max_new: 4,
  exit: "kl:5e-4",
  kv: "full",
  stop: ["\n"],
  init: {kind: "normal", scale: 1}
};

/** Files of JSON that people write by hand or other programs for them: tasks, samples, prompts, edits, and what a generation is asked with. */
export const jsonKinds: Readonly<Record<string, HostileKind>> = {
  prompts: linesFile([{prompt: "1+1=", answer: "2"}], readPromptLines),
  task: linesFile([TEXT, CHOICE], readTask),
  samples: linesFile([CHOICE_SAMPLE, TEXT_SAMPLE], readTask),
  edits: {
    write: async (draw, folder) =>
      written(join(folder, "edits.json"), mutatedJson(draw, JSON.stringify(EDITS.filter((edit) => edit.op !== "patch" || draw(4) === 0)))),
    read: async (folder) =>
      void (await patchEdits(await readJsonFile(join(folder, "edits.json"), JSON_FILE), {
        folderOf: (name) => join(folder, name)
      }))
  },
  generation: {
    write: async (draw, folder) => written(join(folder, "generation.json"), mutatedJson(draw, JSON.stringify(GENERATION))),
    async read(folder) {
      const {keep: _, ...demand} = checked(generateRequestSchema, await readJsonFile(join(folder, "generation.json"), JSON_FILE));
      checked(generateSpecSchema, demand);
    }
  },
  evaluation: {
    async write(draw, folder) {
      const items = [{kind: "text" as const, task: "sum", prompt: "\n1+1=", answer: "2\n", until: [], filter: "exact" as const}];
      const options = z.object(evalOptions).parse({steps: [2]});
      const {spec} = await prepareEval({model: shippedModel, items, options}, () => new Date(0));
      await createEval(folder, spec, items);
      await written(join(folder, "results.jsonl"), '{"index":0}\n');
      const name = oneOf(draw, ["spec.json", "items.jsonl", "results.jsonl"]);
      return written(join(folder, name), mutatedJson(draw, (await readFile(join(folder, name), "utf8")).trim()));
    },
    async read(folder) {
      const open = await openEval(folder);
      await open.close();
    }
  }
};

/** Some lines, each broken, with or without a mark before them, ended as on any system. */
function linesFile(whole: readonly object[], read: (path: string) => Promise<unknown>): HostileKind {
  const name = "lines.jsonl";
  const content = (draw: Draw): string => {
    const lines = Array.from({length: draw(6) + 1}, () => {
      const line = JSON.stringify(oneOf(draw, whole));
      return draw(3) ? mutatedJson(draw, line) : line;
    });
    return `${draw(3) ? "" : "\uFEFF"}${lines.join(oneOf(draw, ["\n", "\r\n", "\r"]))}`;
  };
  return {
    write: (draw, folder) => written(join(folder, name), content(draw)),
    read: async (folder) => void (await read(join(folder, name)))
  };
}
