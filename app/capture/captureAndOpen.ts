import type {CaptureOrder, Source} from "../source/Source.ts";
import {viewOf} from "../state/address.ts";
import {go, notify, useStore} from "../state/store.ts";
import {withJob} from "../state/useServer.ts";
import type {View} from "../state/view.ts";

/** Puts a capture in the queue and opens its run, at a place where that is known; says why where it is refused. */
export async function captureAndOpen(
  source: Pick<Source, "capture">,
  order: CaptureOrder,
  at: Partial<Pick<View, "tokens" | "init">> = {}
): Promise<void> {
  try {
    const job = await source.capture(order);
    useStore.setState(({jobs}) => ({jobs: withJob(jobs, job)}));
    go({...viewOf(""), run: job.run, ...at});
  } catch (error) {
    notify((error as Error).message);
  }
}
