import {parentPort} from "node:worker_threads";
import {umapLayout, type UmapJob, type UmapLayout} from "./umapLayout.ts";

/** What the worker thread says: how far it is, and last the layout. */
export type UmapMessage = {readonly share: number} | {readonly layout: UmapLayout};

const STRIDE = 0.01; // progress closer together than this is not worth a message

parentPort!.once("message", (job: UmapJob) => {
  let told = 0;
  const layout = umapLayout(job, (share) => {
    if (share < told + STRIDE) return;
    told = share;
    say({share});
  });
  say({layout});
});

function say(message: UmapMessage): void {
  parentPort!.postMessage(message);
}
