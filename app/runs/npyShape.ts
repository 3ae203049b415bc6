const MOST_HEADER = 10_000; // bytes: numpy's own are a hundred

/** The shape that a .npy file says it has; undefined for what is none. */
export async function npyShape(file: Blob): Promise<readonly number[] | undefined> {
  const head = new Uint8Array(await file.slice(0, MOST_HEADER).arrayBuffer());
  if (head.length < 10 || head[0] !== 0x93 || String.fromCharCode(...head.subarray(1, 6)) !== "NUMPY") return undefined;
  const match = /'shape':\s*\(([\d,\s]*)\)/.exec(new TextDecoder("latin1").decode(head));
  return match?.[1]
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean)
    .map(Number);
}
