import {stat} from "node:fs/promises";

/** Changes whenever a file is written; undefined where there is none. */
export const fileStamp = (path: string): Promise<string | undefined> =>
  stat(path).then(
    ({mtimeMs, size}) => `${mtimeMs}:${size}`,
    () => undefined
  );
