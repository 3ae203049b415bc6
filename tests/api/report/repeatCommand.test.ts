import {execFileSync} from "node:child_process";
import {expect, it} from "vitest";
import type {Trace} from "../../../capture/trace/schema.ts";
import {quoted, repeatCommand} from "../../../api/report/repeatCommand.ts";
import {siteOf, smallAnnouncement} from "../../support/smallTrace.ts";

const trace = (changes: Partial<Trace> = {}): Trace => ({
  ...smallAnnouncement({steps: 8, inits: 2, readout: true}),
  engine: {name: "onnxruntime-node", version: "1", device: "cpu", threads: 1},
  readout: {lens: "coda", top: 5},
  status: "complete",
  stopped: null,
  steps_written: 8,
  step_ms: [],
  ...changes
});

it.each([
  "plain",
  "two words",
  "it's",
  '"$HOME" `id` $(id)',
  "\n48+37=85\n",
  "tab\there\\n",
  "a\u0007bell 'quoted' \\ slash",
  "é≠🪐",
  "-rf *",
  ""
])("quoted(%j) is read back by a shell as it was", (text) => {
  expect(execFileSync("bash", ["-c", `printf '[%s]' ${quoted(text)}`], {encoding: "utf8", env: {...process.env, LC_ALL: "C.UTF-8"}})).toBe(
    `[${text}]`
  );
});

it("repeatCommand says what differs from the defaults", () => {
  expect(repeatCommand(trace())).toBe("orrery capture --model small --prompt abc --steps 8 --inits 2 --seed 0");
  expect(
    repeatCommand(
      trace({
        prompt: null,
        sites: [siteOf("state", 4), siteOf("core.0.out", 4, 1)],
        storage_dtype: "bf16",
        readout: null,
        inits: [{kind: "zero", seed: null, scale: null}]
      })
    )
  ).toBe(
    "orrery capture --model small --tokens 0,1,2 --steps 8 --inits 1 --init zero --sites state,core.0.out --storage-dtype bf16 --no-readout"
  );
});

it("repeatCommand names the engine that is not the default, and does not pretend to make another program's run", () => {
  expect(repeatCommand(trace({engine: {name: "tfjs-backend-wasm (SIMD)", version: "4", device: "cpu", threads: 1}}))).toContain(
    " --engine tfjs"
  );
  expect(repeatCommand(trace({engine: {name: "pytorch", version: "2", device: "cuda:0", threads: 1}}))).toBe(
    "orrery import FILE --out RUN"
  );
});

it("repeatCommand does not pretend to know initial states that came from a file", () => {
  expect(repeatCommand(trace({inits: [{kind: "file", seed: null, scale: null}]}))).toContain("--init-states FILE.safetensors");
});

it("repeatCommand of a generation asks for the prompt alone, the way it was decoded, and what differs from the defaults", () => {
  const generated = {from: 1, steps: [8, 4, 4], kv: "latest-m4-compress-s4"};
  const asked = {
    max_new: 3,
    steps: 8,
    sample: true,
    top_k: 5,
    temperature: 1,
    min_steps: 1,
    warm_start: "raw",
    stop: ["\n"],
    speculate: null
  };
  const diffuse = {inner_recurrence: 2, headway: 1, freeze_strategy: "fixed", exit_t: 0.03, dampened_state_mixer: true};
  expect(
    repeatCommand(trace({inits: [{kind: "zero", seed: null, scale: null}], generated: {...generated, asked: {...asked, diffuse}}}))
  ).toBe(
    "orrery generate --model small --prompt abc --steps 8 --max-new 3 --kv latest-m4-compress-s4 --sample --top-k 5 --inner-recurrence 2" +
      " --warm-start raw --diffuse --freeze-strategy fixed --stop $'\\n' --init zero --keep RUN"
  );
});
