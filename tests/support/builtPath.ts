import {join, relative} from "node:path";
import {fileURLToPath} from "node:url";

export const root = fileURLToPath(new URL("../../", import.meta.url));

/** The variable that names the folder of what is built, to a test run's processes; set by builtPrograms.ts. */
export const BUILT = "ORRERY_TEST_PROGRAMS";

/** Where a source file that a process or a thread starts from stands built. */
export const builtPath = (source: string): string => join(process.env[BUILT]!, relative(root, source)).replace(/\.(ts|mjs)$/, ".js");
