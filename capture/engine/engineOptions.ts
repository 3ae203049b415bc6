import {z} from "zod";
import {computeDtypes, devices, engineKinds, type ComputeDtype, type Device, type EngineKind} from "./choices.ts";

/** What computes, in which numbers and where. */
export const engineOptions = {
  engine: z.enum(engineKinds).default("onnx"),
  dtype: z.enum(computeDtypes).default("f32"),
  device: z.enum(devices).default("cpu")
};

/** A checkpoint's folder, and what computes with it. */
export interface EngineChoice {
  readonly model: string;
  readonly engine: EngineKind;
  readonly dtype: ComputeDtype;
  readonly device: Device;
}
