import {openSafetensors} from "../../capture/trace/safetensors.ts";

/** Every tensor of a safetensors file, whole numbers included, as float32. */
export async function tensorsIn(path: string): Promise<Record<string, Float32Array>> {
  const file = await openSafetensors(path);
  try {
    const read: Record<string, Float32Array> = {};
    for (const name of file.tensors.keys()) read[name] = await file.readFloats(name);
    return read;
  } finally {
    await file.close();
  }
}
