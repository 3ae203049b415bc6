import type {z} from "zod";
import type {ModelKeeper} from "../../capture/engine/modelKeeper.ts";
import type {Lane} from "../queue/shared/lanes.ts";

/** What a worker has at hand for an order. */
export interface WorkTools {
  readonly lane: Lane;
  /** The checkpoint's folder here. */
  readonly model: string;
  readonly keeper: ModelKeeper;
  /** Where the files of runs go, a folder or `s3://bucket/prefix`; there for orders that have such. */
  readonly results: string | undefined;
  /** Aborts when the order is called off, its lease is lost, or the worker is to end. */
  readonly signal: AbortSignal;
  /** What all parts of the order's job need to know. Throws where it is not there any more, or something else. */
  readonly setup: <T>(schema: z.ZodType<T>) => Promise<T>;
  /** Tells what is being done, in a few words. */
  readonly does: (what: string) => void;
  /** One more prompt, item or run is done. */
  readonly onDone: () => void;
  /** Reaches who asked. */
  readonly tell: (news: object) => void;
}

/** One kind of order, and how it is done. */
export interface WorkKind<Order extends {readonly job: string}> {
  readonly schema: z.ZodType<Order>;
  /** What is given back, as plain data. Throws a Refusal for what would fail as well the next time. */
  readonly work: (order: Order, tools: WorkTools) => Promise<unknown>;
}
