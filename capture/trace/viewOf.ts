/** A typed array's constructor, such as Float32Array. */
interface ViewType<View> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): View;
}

/**
 * Bytes as numbers of the machine's own order: a view where they lie at a multiple of the numbers' size, else a copy, which
 * typed arrays need (a Buffer, an archive's member or a slice may begin anywhere). Throws a RangeError for a part of a number.
 */
export function viewOf<View>(type: ViewType<View>, bytes: Uint8Array): View {
  const size = type.BYTES_PER_ELEMENT;
  if (bytes.byteLength % size !== 0) throw new RangeError(`invalid numbers: ${bytes.byteLength} bytes; expected a multiple of ${size}`);
  const {buffer, byteOffset, byteLength} = bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes); // unlike Buffer.slice, this copies
  return new type(buffer, byteOffset, byteLength / size);
}
