import {writeFile} from "node:fs/promises";
import {encodeSafetensors, openSafetensors, type Tensor} from "../../capture/trace/safetensors.ts";

/** Puts a NaN into a tensor of a safetensors file. */
export async function spoilTensor(path: string, name: string): Promise<void> {
  const file = await openSafetensors(path);
  const tensors: Record<string, Tensor> = {};
  for (const [at, {shape}] of file.tensors) tensors[at] = {shape, data: (await file.readFloats(at)).slice()};
  await file.close();
  tensors[name].data[0] = NaN;
  await writeFile(path, encodeSafetensors(tensors, file.metadata));
}
