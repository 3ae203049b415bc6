import {spawn} from "node:child_process";
import {mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {createInterface} from "node:readline";

/** A running peers/capture.py with a loaded checkpoint. */
export interface Peer {
  /** PyTorch's version. */
  readonly version: string;
  run(job: {
    readonly ids: readonly number[];
    readonly inits: number;
    readonly steps: number;
    readonly initial: Float32Array;
  }): Promise<{readonly seconds: number; readonly final: Float32Array}>;
  stop(): void;
}

// What makes PyTorch quickest: OpenMP's threads must not spin against each other's work, and Debian's build gives every
// buffer back to the system unless malloc is told to keep them.
const environment = {OMP_WAIT_POLICY: "passive", MALLOC_MMAP_MAX_: "0", MALLOC_TRIM_THRESHOLD_: "100000000000"};

/** Starts the peer; undefined where the interpreter cannot import torch. */
export async function startPeer(
  interpreter: string,
  {folder, threads}: {readonly folder: string; readonly threads: number}
): Promise<Peer | undefined> {
  const script = join(import.meta.dirname, "peers/capture.py");
  const child = spawn(interpreter, [script, folder, String(threads)], {
    env: {...process.env, ...environment},
    stdio: ["pipe", "pipe", "ignore"]
  });
  const started = await new Promise<boolean>((resolve) => {
    child.once("error", () => resolve(false));
    child.once("spawn", () => resolve(true));
  });
  if (!started) return undefined;
  const lines = createInterface({input: child.stdout})[Symbol.asyncIterator]();
  const answer = async () => {
    const {value, done} = await lines.next();
    return done ? undefined : (JSON.parse(value) as {torch?: string; seconds?: number});
  };
  const version = (await answer())?.torch;
  if (version === undefined) return undefined;
  const exchange = await mkdtemp(join(tmpdir(), "orrery-peer-"));
  return {
    version,
    async run({ids, inits, steps, initial: states}) {
      const [initial, final] = [join(exchange, "initial"), join(exchange, "final")];
      await writeFile(initial, states);
      child.stdin.write(`${JSON.stringify({ids, inits, steps, initial, final})}\n`);
      const seconds = (await answer())?.seconds;
      if (seconds === undefined) throw new Error(`${interpreter} ${script} ended without an answer`);
      return {seconds, final: new Float32Array(new Uint8Array(await readFile(final)).buffer)};
    },
    stop() {
      child.stdin.end();
      void rm(exchange, {recursive: true, force: true});
    }
  };
}
