import type {Response} from "express";
import {sendEvents} from "./sendEvents.ts";

interface Jobs<J> {
  get(id: string): Promise<J>;
  /** Calls with every job that changes; answers with the function that stops it. */
  watch(listener: (job: J) => void): () => void;
}

/** How one of the jobs stands, and every change of it, as events of the noun's name. */
export async function sendJobEvents<J extends {readonly id: string}>(
  response: Response,
  id: string,
  {noun, jobs}: {readonly noun: string; readonly jobs: Jobs<J>}
): Promise<void> {
  const first = await jobs.get(id);
  sendEvents(response, {
    first: [{event: noun, data: first}],
    watch: (send) =>
      jobs.watch((job) => {
        if (job.id === id) send({event: noun, data: job});
      })
  });
}
