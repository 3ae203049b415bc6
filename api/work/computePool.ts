import {createChildPool} from "../../capture/service/childPool.ts";
import {boundsOf} from "../../capture/service/sizeBounds.ts";
import {createFairTurns, type Asker} from "../queue/fairTurns.ts";
import type {Computation, ComputeProgress} from "./compute.ts";

/** Processes for analyses. */
export interface ComputePool {
  /** The answer's bytes. Rejects with the computation's own error, with the signal's reason (a computation that runs is then ended), or as a ChildPool does. */
  run(dir: string, computation: Computation, options?: ComputeRunOptions): Promise<Uint8Array>;
  /** Starts all processes, and from now on another for each that ends, so that no question waits for one to start. */
  warm(): void;
  close(): Promise<void>;
}

interface ComputeRunOptions extends Asker {
  /** Folders of the runs that are compared with this one; defaults to none. */
  readonly others?: readonly string[];
  /** Called as it goes on, a few times a second at most. */
  readonly onProgress?: (progress: ComputeProgress) => void;
}

export interface ComputeOrder {
  readonly dir: string;
  readonly computation: Computation;
  readonly others: readonly string[];
}

interface ComputePoolOptions {
  /** Computations at once at most; defaults to 2, so that a long one does not stop the short ones. */
  readonly processes?: number;
  /** Of one person, run or waiting; defaults to any number. */
  readonly most?: number;
}

/** Those who ask take turns. */
export function createComputePool({processes = 2, most}: ComputePoolOptions = {}): ComputePool {
  const turns = createFairTurns({atOnce: processes, what: "analyses", most});
  const pool = createChildPool<ComputeOrder, Uint8Array, ComputeProgress>(new URL("computeProcess.ts", import.meta.url), {
    name: "analysis process",
    processes
  });
  return {
    run: (dir, computation, {others = [], onProgress, ...asker} = {}) =>
      turns.take(asker, async () => {
        const bounds = await boundsOf(dir, ...others);
        return pool.run({dir, computation, others}, {...bounds, signal: asker.signal, onNews: onProgress});
      }),
    warm: () => pool.warm(),
    close: () => pool.close()
  };
}
