import {writeFile} from "node:fs/promises";

/** Writes a file, and gives its size in bytes. */
export async function written(path: string, content: string | Uint8Array): Promise<number> {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  await writeFile(path, bytes);
  return bytes.length;
}
