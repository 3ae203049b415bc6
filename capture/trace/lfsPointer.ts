const POINTER = new TextEncoder().encode("version https://git-lfs.github.com/spec/v1");

/** Bytes that tell a pointer. */
export const LFS_POINTER_BYTES = POINTER.length;

/** What to say of a pointer, behind the file's name. */
export const LFS_POINTER = "a Git LFS pointer, not the file itself: git lfs pull";

/** Whether a file's first bytes are those of the few lines that git has in place of a large file until `git lfs pull`. */
export const isLfsPointer = (start: Uint8Array): boolean => start.length >= POINTER.length && POINTER.every((byte, i) => start[i] === byte);
