import {loadCheckpoint} from "../families/loadCheckpoint.ts";
import {engineRefusal, type ComputeDtype, type Device, type EngineKind} from "./choices.ts";
import type {Engine} from "./engine.ts";
import {onnxRunner} from "./onnx/onnxRunner.ts";
import {engineOver} from "./runner.ts";
import {Refusal} from "../trace/refusal.ts";

interface EngineOptions {
  /** Defaults to onnx. */
  readonly engine?: EngineKind;
  /** Defaults to f32; int8 is for onnx only. */
  readonly dtype?: ComputeDtype;
  /** Defaults to cpu; the others are for onnx only. */
  readonly device?: Device;
  /** Threads of one operation in onnxruntime; defaults to the machine's cores. */
  readonly threads?: number;
  /** Where weights are linked or converted when they are too large to be held in a graph; defaults to ORRERY_CACHE, else `orrery` in the user's cache folder. */
  readonly cacheFolder?: string;
  /** Bytes of weights from which they are read in place and not held in a graph; defaults to 64 MB. */
  readonly largeBytes?: number;
  /** Told, in one line, what the user should know; defaults to nobody. */
  readonly log?: (line: string) => void;
}

/** Loads a checkpoint folder (config.json, safetensors). Throws a ModelFormatError that names the key or tensor that is wrong. */
export async function loadEngine(
  folder: string,
  {engine = "onnx", dtype = "f32", device = "cpu", threads, cacheFolder, largeBytes, log = () => {}}: EngineOptions = {}
): Promise<Engine> {
  const refusal = engineRefusal(engine, {dtype, device});
  if (refusal !== undefined) throw new Refusal(refusal);
  const checkpoint = await loadCheckpoint(folder);
  try {
    const runner =
      engine === "onnx"
        ? await onnxRunner(checkpoint, {dtype, device, threads, cacheFolder, largeBytes, log})
        : await (await import("./tfjs/tfjsRunner.ts")).tfjsRunner(checkpoint, {log}); // TensorFlow.js is loaded by those who use it
    return engineOver(runner, {kind: engine, compute: dtype, checkpoint});
  } catch (error) {
    await checkpoint.close();
    throw error;
  }
}
