import {copyFile, link, mkdtemp, rm, writeFile} from "node:fs/promises";
import {dirname, join} from "node:path";
import {ensureFolder} from "../../trace/ensureFolder.ts";
import {env, InferenceSession} from "../../trace/onnxRuntime.ts";
import type {Device} from "../choices.ts";
import {encodeModel, type OnnxGraph} from "./onnxProto.ts";
import {Refusal} from "../../trace/refusal.ts";

interface OpenSessionOptions {
  readonly device: Device;
  readonly threads: number;
  /** Files that the graph's external data names, by those names. */
  readonly files: ReadonlyMap<string, string>;
  readonly cacheFolder: string;
  readonly log: (line: string) => void;
}

// A thread that has no work waits for some by spinning, for a second or so by default: quick where the cores are idle, ruinous
// where they are not (a step of a small model took 24 ms instead of 4). This long is enough to bridge what lies between two products.
const SPIN_MICROSECONDS = "100";

env.logLevel = "fatal"; // an error is thrown, and said once: by who catches it

/**
 * Opens a graph in onnxruntime. Weights in files are read in place: onnxruntime wants them in the graph's own folder, so
 * they are linked (a hard link, which takes no room) into a folder that is gone again when the session is open.
 * Throws an Error that names the device where it is not available.
 */
export async function openSession(
  graph: OnnxGraph,
  {device, threads, files, cacheFolder, log}: OpenSessionOptions
): Promise<InferenceSession> {
  const options: InferenceSession.SessionOptions = {
    executionProviders: [device],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    enableMemPattern: false, // planned memory is no quicker here, and comes on top of what the first run took
    logSeverityLevel: 3,
    extra: {session: {intra_op: {spin_duration_us: SPIN_MICROSECONDS}}}
  };
  const needed = new Set(graph.initializers.flatMap(({data}) => (data instanceof Uint8Array ? [] : [data.location])));
  try {
    if (needed.size === 0) return await InferenceSession.create(encodeModel(graph), options);
    await ensureFolder(cacheFolder);
    const folder = await mkdtemp(join(cacheFolder, "graph-"));
    try {
      for (const name of needed) await place(fileNamed(files, name), join(folder, name), log);
      const path = join(folder, "graph.onnx");
      await writeFile(path, encodeModel(graph));
      return await InferenceSession.create(path, options);
    } finally {
      await rm(folder, {recursive: true, force: true});
    }
  } catch (cause) {
    if (device === "cpu") throw cause;
    const reason = (cause instanceof Error ? cause.message : String(cause)).split("\n")[0];
    throw new Refusal(`device not available: ${device}; onnxruntime says: ${reason}; cpu works everywhere`, {kind: "unusable", cause});
  }
}

/** A second name for a file; a copy where its file system has no hard links or is another one. */
async function place(file: string, path: string, log: (line: string) => void): Promise<void> {
  try {
    await link(file, path);
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException;
    if (code !== "EXDEV" && code !== "EPERM" && code !== "EMLINK" && code !== "ENOTSUP") throw error;
    log(`copying ${file}: it cannot be linked to ${dirname(path)} (${code}); a cache folder on its own file system spares that`);
    await copyFile(file, path);
  }
}

function fileNamed(files: ReadonlyMap<string, string>, name: string): string {
  const file = files.get(name);
  if (file === undefined) throw new Error(`unknown weight file: ${name}`);
  return file;
}
