import {createRequire} from "node:module";
import {dirname} from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import {setThreadsCount, setWasmPaths} from "@tensorflow/tfjs-backend-wasm";

let chosen: Promise<string> | undefined;

/**
 * Makes TensorFlow.js ready and says in words what computes: tfjs-node's native library where it loads, else the
 * WebAssembly backend out of its package (nothing is fetched). The choice is made once in a process.
 */
export const tfjsBackend = ({threads, log}: {readonly threads?: number; readonly log: (line: string) => void}): Promise<string> => (chosen ??= choose(threads, log));

async function choose(threads: number | undefined, log: (line: string) => void): Promise<string> {
  try {
    return await nativeBackend();
  } catch (error) {
    log(`tfjs-node not available (${firstLineOf(error)}); using the WebAssembly backend`);
  }
  setWasmPaths(`${dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm"))}/`);
  if (threads !== undefined) setThreadsCount(threads);
  await tf.setBackend("wasm");
  await tf.ready();
  const simd = await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT");
  return `TensorFlow.js ${tf.version_core}, wasm${simd ? " with SIMD" : ""}, f32`;
}

/** Registers tfjs-node's backend with the same tfjs-core. */
async function nativeBackend(): Promise<string> {
  restoreUtil();
  await import("@tensorflow/tfjs-node");
  await tf.setBackend("tensorflow");
  await tf.ready();
  return `TensorFlow.js ${tf.version_core}, tfjs-node, f32`;
}

/** tfjs-node 4.22 still calls two functions of `util` that Node 23 removed. */
function restoreUtil(): void {
  const util = createRequire(import.meta.url)("node:util") as {isNullOrUndefined?: (value: unknown) => boolean; isArray?: (value: unknown) => boolean};
  util.isNullOrUndefined ??= (value) => value === null || value === undefined;
  util.isArray ??= Array.isArray;
}

const firstLineOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split("\n")[0];
