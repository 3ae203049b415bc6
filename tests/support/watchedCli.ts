import {spawn} from "node:child_process";
import {readdir, readFile} from "node:fs/promises";
import {createRequire} from "node:module";
import {fileURLToPath, pathToFileURL} from "node:url";

const cli = fileURLToPath(new URL("../../api/cli.ts", import.meta.url));
const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
const WATCH_MS = 200;
const KEPT_BYTES = 16 * 2 ** 20; // of stdout; of what comes through a pipe the rest is counted alone

export interface WatchedEnd {
  /** null where it was ended for its memory. */
  readonly status: number | null;
  /** Its beginning, where it is long. */
  readonly stdout: string;
  readonly stdoutBytes: number;
  readonly stderr: string;
  readonly seconds: number;
  /** The most that it and its children held at once, resident. */
  readonly peakBytes: number;
}

interface WatchedCli {
  /** What stdout says, once it does. */
  line(pattern: RegExp): Promise<string>;
  /** The most bytes held since this was last asked. */
  peakSince(): number;
  stop(): void;
  readonly end: Promise<WatchedEnd>;
}

/** A command line that is ended once it and its children hold more than `most` bytes. Linux only: it looks into /proc. */
export function watchedCli(args: readonly string[], most: number): WatchedCli {
  const begun = performance.now();
  const child = spawn(process.execPath, ["--import", tsx, cli, ...args], {stdio: ["ignore", "pipe", "pipe"]});
  let [stdout, stderr, stdoutBytes, peakBytes, since] = ["", "", 0, 0, 0];
  child.stdout.on("data", (chunk: Buffer) => {
    if (stdoutBytes < KEPT_BYTES) stdout += chunk.toString();
    stdoutBytes += chunk.length;
  });
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const watch = setInterval(() => {
    void treeBytes(child.pid!).then((bytes) => {
      peakBytes = Math.max(peakBytes, bytes);
      since = Math.max(since, bytes);
      if (bytes > most) child.kill("SIGKILL");
    });
  }, WATCH_MS);
  const end = new Promise<WatchedEnd>((resolve) => {
    child.on("close", (status) => {
      clearInterval(watch);
      resolve({status, stdout, stdoutBytes, stderr, seconds: (performance.now() - begun) / 1000, peakBytes});
    });
  });
  return {
    peakSince() {
      const most = since;
      since = 0;
      return most;
    },
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = pattern.exec(stdout)?.[0];
          if (found) resolve(found);
        };
        child.stdout.on("data", look);
        void end.then(() => reject(new Error(`ended without ${pattern}: ${stderr}`)));
      }),
    stop: () => void child.kill("SIGTERM"),
    end
  };
}

/** What a process and all below it hold, resident; what is gone meanwhile counts nothing. */
async function treeBytes(root: number): Promise<number> {
  const read = (path: string): Promise<string> => readFile(`/proc/${root}/${path}`, "utf8").catch(() => "");
  const threads = await readdir(`/proc/${root}/task`).catch(() => []);
  const children = await Promise.all(threads.map((thread) => read(`task/${thread}/children`)));
  const below = await Promise.all(children.flatMap((pids) => pids.match(/\d+/g) ?? []).map((pid) => treeBytes(Number(pid))));
  const kilobytes = /^VmRSS:\s*(\d+)/m.exec(await read("status"))?.[1] ?? 0;
  return below.reduce((sum, bytes) => sum + bytes, 1024 * Number(kilobytes));
}
