import {stat} from "node:fs/promises";

/** Whether a file is seen at a path; what cannot be looked at is not seen, whatever the reason. */
export const seesFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false
  );

/** The same of a folder. */
export const seesFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false
  );
