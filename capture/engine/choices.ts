export const engineKinds = ["onnx", "tfjs"] as const;
export type EngineKind = (typeof engineKinds)[number];

/** Numbers in which the products with weights are computed: float32, or 8-bit weights with a float32 scale per 32 of them. */
export const computeDtypes = ["f32", "int8"] as const;
export type ComputeDtype = (typeof computeDtypes)[number];

/** Where onnxruntime computes; each needs its own support in the machine and in onnxruntime's build. */
export const devices = ["cpu", "cuda", "webgpu", "coreml", "dml"] as const;
export type Device = (typeof devices)[number];

/** Why an engine cannot compute in these numbers, or there; undefined where it can. */
export function engineRefusal(
  engine: EngineKind,
  {dtype, device}: {readonly dtype: ComputeDtype; readonly device: Device}
): string | undefined {
  if (engine === "tfjs" && dtype !== "f32") return `unsupported dtype: ${dtype}; the tfjs engine computes in f32`;
  if (engine === "tfjs" && device !== "cpu") return `unsupported device: ${device}; the tfjs engine computes on the cpu`;
  return undefined;
}

/** How a state is read: through the coda, as the model itself does, or straight through the final norm and the head. */
export const lenses = ["coda", "logit"] as const;
export type Lens = (typeof lenses)[number];
