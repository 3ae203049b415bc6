import {createChildPool} from "../../capture/service/childPool.ts";
import {boundsOf} from "../../capture/service/sizeBounds.ts";
import type {Computation} from "./compute.ts";

/** Processes for analyses. */
export interface ComputePool {
  /** The answer's bytes. Rejects with the computation's own error, with the signal's reason (a computation that runs is then ended), or as a ChildPool does. */
  run(dir: string, computation: Computation, options?: ComputeRunOptions): Promise<Uint8Array>;
  /** Starts all processes, and from now on another for each that ends, so that no question waits for one to start. */
  warm(): void;
  close(): Promise<void>;
}

export interface ComputeRunOptions {
  /** Folders of the runs that are compared with this one; defaults to none. */
  readonly others?: readonly string[];
  readonly signal?: AbortSignal;
}

export interface ComputeOrder {
  readonly dir: string;
  readonly computation: Computation;
  readonly others: readonly string[];
}

/** `processes` computations at once at most; defaults to 2, so that a long one does not stop the short ones. */
export function createComputePool({processes = 2}: {readonly processes?: number} = {}): ComputePool {
  const pool = createChildPool<ComputeOrder, Uint8Array>(new URL("computeProcess.ts", import.meta.url), {
    name: "analysis process",
    processes
  });
  return {
    async run(dir, computation, {others = [], signal} = {}) {
      const bounds = await boundsOf(dir, ...others);
      return pool.run({dir, computation, others}, {...bounds, signal});
    },
    warm: () => pool.warm(),
    close: () => pool.close()
  };
}
