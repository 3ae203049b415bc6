import {join} from "node:path";
import {readTrace} from "../../capture/trace/reader.ts";
import type {Trace} from "../../capture/trace/schema.ts";
import {TRACE_FILE} from "../../capture/trace/writer.ts";
import {isBeingWritten} from "../../capture/trace/writerMark.ts";
import type {RunChange, RunSummary} from "../contract/contract.ts";
import {fileStamp} from "../files/fileStamp.ts";
import {folderBytes} from "../files/folderBytes.ts";
import {CARD_FILE, readCard} from "./runCard.ts";
import type {RunPlace} from "./runPlace.ts";
import {titleOfRun} from "./titleOfRun.ts";

type SavedSummary = Omit<RunSummary, "id" | "example" | "live">;

interface Saved {
  readonly stamp: string;
  readonly value: SavedSummary;
  /** What is wrong with the card. */
  readonly damage?: string;
}

const KEPT_FOLDER = "analysis"; // it changes with what is kept in it, and so do the bytes

const summaries = new Map<string, Saved>(); // by folder, while its files are as they were

/** What a run is in a list: its trace and its card. */
export async function summaryOf({id, dir, example}: RunPlace): Promise<RunSummary> {
  const stamp = (await Promise.all([TRACE_FILE, CARD_FILE, KEPT_FOLDER].map((name) => fileStamp(join(dir, name))))).join();
  let saved = summaries.get(dir);
  if (saved?.stamp !== stamp) {
    const {card, damage} = await readCard(dir);
    saved = {stamp, value: savedSummary(await readTrace(dir), card, await folderBytes(dir)), damage};
    summaries.set(dir, saved);
  }
  const {status, stopped} = saved.value;
  const isOpen = status === "partial" && stopped === null;
  const live = isOpen && (await isBeingWritten(dir));
  return {...saved.value, id, example, live, stopped: isOpen && !live ? "killed" : stopped};
}

function savedSummary(trace: Trace, {title, tags = []}: RunChange, bytes: number): SavedSummary {
  return {
    title: title ?? titleOfRun(trace),
    owner: trace.owner ?? null,
    model: trace.model.name,
    prompt: trace.prompt,
    status: trace.status,
    stopped: trace.stopped,
    steps: trace.steps,
    steps_written: trace.steps_written,
    inits: trace.inits.length,
    tokens: trace.tokens.length,
    width: trace.width,
    storage_dtype: trace.storage_dtype,
    bytes,
    created: trace.created,
    tags
  };
}

/** What was wrong with a run's card when its summary was last asked for. */
export const cardDamage = ({dir}: RunPlace): string | undefined => summaries.get(dir)?.damage;
