import {defineConfig, type TestProjectInlineConfiguration} from "vitest/config";
import {builtProcesses} from "./tests/support/builtPrograms.ts";
import LongestFirst from "./tests/support/longestFirst.ts";

/** Files that end what they start and change nothing outside themselves, not their process's environment either: one process after another has several of them, with the modules they share. */
const together = [
  "tests/analysis/**/*.test.ts",
  "tests/app/**/*.test.{ts,tsx}",
  "tests/capture/{trace,model,edits,experiment,generate,job,loop,spectrum}/**/*.test.ts",
  "tests/api/{contract,queue,runs,report,analyses,gallery,generate}/**/*.test.ts"
];

const maxWorkers = 3; // on two cores: with two workers, who wait for processes, pages and kills, a fifth of the processor's time was nobody's

const project = (test: TestProjectInlineConfiguration["test"]): TestProjectInlineConfiguration => ({
  plugins: [builtProcesses()],
  test: {
    pool: "forks", // native modules (onnxruntime) and child processes
    maxWorkers, // of both projects at once
    testTimeout: 600_000, // only against hanging for ever: a slow machine is not a failure
    hookTimeout: 600_000,
    expect: {poll: {timeout: 300_000, interval: 50}}, // to ask more often takes the processor from what is waited for
    ...test
  }
});

export default defineConfig({
  test: {
    projects: [
      project({name: "apart", include: ["tests/**/*.test.{ts,tsx}"], exclude: ["**/node_modules/**", "tests/bench/**", ...together]}),
      project({name: "together", include: together, isolate: false})
    ],
    maxWorkers,
    globalSetup: "tests/support/oncePerRun.ts",
    sequence: {sequencer: LongestFirst},
    reporters: ["default", "./tests/support/totalsReporter.ts"]
  }
});
