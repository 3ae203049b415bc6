// A thread does not inherit the loader that reads TypeScript, so its first file is none, and brings the loader.
import {register} from "tsx/esm/api";

register();
await import("./umapWorker.ts");
