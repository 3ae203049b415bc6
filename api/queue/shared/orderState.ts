import type {Job, Queue} from "bullmq";

/** Where an order stands: `over` with all that its job says, `open` while it waits or is being done, `unknown` to the queue. */
type OrderState =
  | {readonly is: "over"; readonly hasFailed: boolean; readonly job: Job<object, unknown>}
  | {readonly is: "open"}
  | {readonly is: "unknown"};

/** Asks for the state before the job: of a job that was read first and is over now, the answer would be missing. */
export async function orderState(queue: Pick<Queue<object, unknown>, "getJob" | "getJobState">, id: string): Promise<OrderState> {
  const state = await queue.getJobState(id);
  if (state === "unknown") return {is: "unknown"};
  if (state !== "completed" && state !== "failed") return {is: "open"};
  const job = await queue.getJob(id);
  return job ? {is: "over", hasFailed: state === "failed", job} : {is: "unknown"}; // somebody else who asked for the same has taken it
}
