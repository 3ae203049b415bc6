import {createRequire} from "node:module";
import {dirname} from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import {setWasmPaths} from "@tensorflow/tfjs-backend-wasm";
import type {EngineInfo} from "../engine.ts";

let chosen: Promise<EngineInfo> | undefined;

/**
 * Makes TensorFlow.js ready and says what computes: tfjs-node's native library where it loads, else the
 * WebAssembly backend out of its package (nothing is fetched). ORRERY_TFJS=wasm passes the native library by.
 * The choice is made once in a process.
 */
export const tfjsBackend = (log: (line: string) => void): Promise<EngineInfo> => (chosen ??= choose(log));

async function choose(log: (line: string) => void): Promise<EngineInfo> {
  if (process.env.ORRERY_TFJS !== "wasm") {
    try {
      return await nativeBackend();
    } catch (error) {
      log(`tfjs-node not available (${firstLineOf(error)}); using the WebAssembly backend`);
    }
  }
  setWasmPaths(`${dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm"))}/`);
  await tf.setBackend("wasm");
  await tf.ready();
  const simd = await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT");
  return {name: `tfjs-backend-wasm${simd ? " (SIMD)" : ""}`, version: tf.version_core, device: "cpu", threads: 1};
}

/** Registers tfjs-node's backend with the same tfjs-core. */
async function nativeBackend(): Promise<EngineInfo> {
  restoreUtil();
  process.env.TF_CPP_MIN_LOG_LEVEL ??= "2"; // errors only: it greets on stderr otherwise
  await import("@tensorflow/tfjs-node");
  await tf.setBackend("tensorflow");
  await tf.ready();
  return {name: "tfjs-node", version: tf.version_core, device: "cpu", threads: 0};
}

/** tfjs-node 4.22 still calls two functions of `util` that Node 23 removed. */
function restoreUtil(): void {
  const util = createRequire(import.meta.url)("node:util") as {
    isNullOrUndefined?: (value: unknown) => boolean;
    isArray?: (value: unknown) => boolean;
  };
  util.isNullOrUndefined ??= (value) => value === null || value === undefined;
  util.isArray ??= Array.isArray;
}

const firstLineOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split("\n")[0];
