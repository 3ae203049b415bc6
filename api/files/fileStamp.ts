import {stat} from "node:fs/promises";

/** Changes whenever a file is written, replaced or may be read by others; undefined where there is none. */
export const fileStamp = (path: string): Promise<string | undefined> =>
  stat(path).then(
    ({mtimeMs, ctimeMs, size, ino}) => `${mtimeMs}:${ctimeMs}:${size}:${ino}`,
    () => undefined
  );
