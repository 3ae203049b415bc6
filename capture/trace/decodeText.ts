const decoders: readonly (readonly [mark: readonly number[], name: string])[] = [
  [[0xff, 0xfe], "utf-16le"], // what a Windows shell's > writes
  [[0xfe, 0xff], "utf-16be"]
];

/** A file's bytes as text: UTF-8, or what a byte order mark says; the mark itself is left out. */
export function decodeText(bytes: Uint8Array): string {
  const [, name] = decoders.find(([mark]) => mark.every((byte, i) => bytes[i] === byte)) ?? [[], "utf-8"];
  return new TextDecoder(name).decode(bytes);
}
