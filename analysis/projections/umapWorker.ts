import {parentPort, workerData} from "node:worker_threads";
import {umapLayout, type UmapJob, type UmapLayout} from "./umapLayout.ts";

/** What the worker thread says: how far it is, and last the layout. */
export type UmapMessage = {readonly share: number} | {readonly layout: UmapLayout};

const STRIDE = 0.01; // progress closer together than this is not worth a message

let told = 0;
const layout = umapLayout(workerData as UmapJob, (share) => {
  if (share < told + STRIDE) return;
  told = share;
  say({share});
});
say({layout});

function say(message: UmapMessage): void {
  parentPort!.postMessage(message);
}
