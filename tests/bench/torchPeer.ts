import {mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {startTorch} from "./torchProcess.ts";

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

/** Starts the peer; undefined where the interpreter cannot import torch. */
export async function startPeer(
  interpreter: string,
  {folder, threads}: {readonly folder: string; readonly threads: number}
): Promise<Peer | undefined> {
  const torch = await startTorch(interpreter, "capture.py", [folder, String(threads)]);
  if (!torch) return undefined;
  const exchange = await mkdtemp(join(tmpdir(), "orrery-peer-"));
  return {
    version: torch.version,
    async run({ids, inits, steps, initial: states}) {
      const [initial, final] = [join(exchange, "initial"), join(exchange, "final")];
      await writeFile(initial, states);
      const {seconds} = await torch.ask<{seconds: number}>({ids, inits, steps, initial, final});
      return {seconds, final: new Float32Array(new Uint8Array(await readFile(final)).buffer)};
    },
    stop() {
      torch.stop();
      void rm(exchange, {recursive: true, force: true});
    }
  };
}
