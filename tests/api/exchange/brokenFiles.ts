import {npy} from "./importFiles.ts";

/** A .npy of float32 whose header says another type. */
export function withDescr(descr: string): Uint8Array {
  const bytes = npy("F32", [2, 2], new Float32Array(4));
  const text = Buffer.from(bytes).toString("latin1").replace("'<f4'", `'${descr}'`);
  return Uint8Array.from(Buffer.from(text, "latin1"));
}

/** An archive in which every `from` is called `to`, of the same length. */
export const renamed = (archive: Uint8Array, from: string, to: string): Uint8Array =>
  Uint8Array.from(Buffer.from(Buffer.from(archive).toString("latin1").replaceAll(from, to), "latin1"));

/** An archive whose second member's entry points to the first one's bytes. */
export function sharing(archive: Uint8Array): Uint8Array {
  const bytes = Buffer.from(archive);
  const entry = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2]));
  bytes.writeUInt32LE(0, entry + 42); // where its local header stands
  return bytes;
}

/** An archive with one bit of its data turned. */
export function damaged(archive: Uint8Array): Uint8Array {
  const bytes = Buffer.from(archive);
  bytes[bytes.indexOf("PK\u0001\u0002", "latin1") - 1] ^= 1;
  return bytes;
}
