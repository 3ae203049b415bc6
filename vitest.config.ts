import {defineConfig} from "vitest/config";
import {builtProcesses} from "./tests/support/builtPrograms.ts";
import LongestFirst from "./tests/support/longestFirst.ts";

export default defineConfig({
  plugins: [builtProcesses()],
  test: {
    include: ["tests/**/*.test.{ts,tsx}"],
    exclude: ["**/node_modules/**", "tests/bench/**"],
    pool: "forks", // native modules (onnxruntime) and child processes
    maxWorkers: 2,
    globalSetup: "tests/support/oncePerRun.ts",
    sequence: {sequencer: LongestFirst},
    testTimeout: 600_000, // only against hanging for ever: a slow machine is not a failure
    hookTimeout: 600_000,
    expect: {poll: {timeout: 300_000, interval: 50}}, // to ask more often takes the processor from what is waited for
    reporters: ["default", "./tests/support/totalsReporter.ts"]
  }
});
