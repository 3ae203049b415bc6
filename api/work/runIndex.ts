import {createHash} from "node:crypto";
import {statSync} from "node:fs";
import {dirname} from "node:path";
import {errorLine} from "../../capture/errorLine.ts";
import {STATES_FILE, TRACE_FILE} from "../../capture/trace/writer.ts";
import type {ListedRun, RunList} from "../contract/contract.ts";
import type {RunStore} from "../runs/runStore.ts";
import {CARD_FILE} from "../runs/runCard.ts";
import type {RunPlace} from "../runs/runPlace.ts";
import {LABELS_FILE, type RunLabels} from "./runLabels.ts";

/** The list of runs, newest first, examples last, as the JSON of a RunList that is ready to send. */
export interface RunIndex {
  /** As the folders are after it was asked for. Those who ask meanwhile share the next look at them. */
  list(): Promise<{readonly json: Buffer; readonly etag: string}>;
  /** What the runs of somebody take on the disk. */
  bytesOf(owner: string): Promise<number>;
}

/** What the list says of a folder: a run where it can be read, and what of it cannot. Neither, where it is no run. */
interface Line {
  readonly run?: ListedRun;
  readonly broken: RunList["broken"];
}

interface Entry {
  readonly stamp: string;
  readonly line: Line;
  /** Its run and what is broken as JSON, made once. */
  readonly run: string;
  readonly broken: string;
}

const NOT_READ: Entry = {stamp: "", line: {broken: []}, run: "", broken: ""};
const isLike = (one: Entry, other: Entry | undefined): boolean => one.run === other?.run && one.broken === other.broken;

const FRESH_MS = 2000; // a file that was just written may be written again under the same stamp: clocks of disks tick
const AT_ONCE = 16; // folders read at a time
const REST = 2; // times as long as asking for all stamps took until they are asked for again, so that many who list leave the others two thirds of the time
const MOST_REST_MS = 50;

interface IndexParts {
  readonly runs: RunStore;
  readonly labels: RunLabels;
}

export function createRunIndex({runs, labels}: IndexParts): RunIndex {
  let entries = new Map<string, Entry>(); // by folder
  let list = listOf([]);
  let running: Promise<unknown> = Promise.resolve();
  let next: Promise<typeof list> | undefined;

  let stamped = {at: 0, ms: 0}; // when the look before had all stamps, and for how long nothing else was done

  /** Waits until another look leaves enough of the time to all else. */
  async function rest(): Promise<void> {
    const left = stamped.at + Math.min(MOST_REST_MS, REST * stamped.ms) - performance.now();
    if (left > 1) await new Promise((resolve) => setTimeout(resolve, left));
  }

  /** Reads the folders whose files changed, and makes the list anew where a line did. */
  async function look(): Promise<typeof list> {
    const places = await runs.places();
    const looked = new Map<string, Entry>();
    const changed: {place: RunPlace; stamp: string}[] = [];
    const begun = performance.now();
    for (const place of places) {
      const stamp = stampOf(place.dir);
      const known = entries.get(place.dir);
      if (stamp === undefined) continue;
      looked.set(place.dir, known ?? NOT_READ); // in the order of the places
      if (known?.stamp !== stamp) changed.push({place, stamp});
    }
    stamped = {at: performance.now(), ms: performance.now() - begun};
    for (let i = 0; i < changed.length; i += AT_ONCE)
      await Promise.all(
        changed
          .slice(i, i + AT_ONCE)
          .map(async ({place, stamp}) => looked.set(place.dir, entryOf(await lineOf(place, {runs, labels}), stamp)))
      );
    const isSame = looked.size === entries.size && [...looked].every(([dir, entry]) => isLike(entry, entries.get(dir)));
    entries = looked;
    if (!isSame) list = listOf([...looked.values()]);
    return list;
  }

  /** The next look that begins after now. */
  function nextLook(): Promise<typeof list> {
    next ??= running
      .catch(() => undefined) // told to those who asked then
      .then(rest)
      .then(() => {
        next = undefined;
        return (running = look());
      }) as Promise<typeof list>;
    return next;
  }

  return {
    list: nextLook,
    async bytesOf(owner) {
      await nextLook();
      return [...entries.values()].reduce((sum, {line: {run}}) => sum + (run?.owner === owner ? run.bytes : 0), 0);
    }
  };
}

async function lineOf(place: RunPlace, {runs, labels}: IndexParts): Promise<Line> {
  try {
    const summary = await runs.summary(place);
    return {run: {...summary, labels: (await labels.known(place)) ?? null}, broken: runs.damage(place)};
  } catch (error) {
    return {broken: stampOf(place.dir) === undefined ? [] : [{id: place.id, error: errorLine(error)}]}; // it may have been removed meanwhile
  }
}

const entryOf = (line: Line, stamp: string): Entry => ({
  stamp: isSettled(line, stamp) ? stamp : "",
  line,
  run: JSON.stringify(line.run ?? null),
  broken: JSON.stringify(line.broken)
});

/** Changes with every change of a line: the files that it is made of, and when they were written; undefined where there is no trace. */
function stampOf(dir: string): string | undefined {
  const statusOf = (name: string) => statusAt(`${dir}/${name}`); // at once: a thousand take 10 ms, a turn of the loop each took a second
  const trace = statusOf(TRACE_FILE);
  if (!trace) return undefined;
  const analysis = statusOf(dirname(LABELS_FILE));
  const stamps = [trace, statusOf(STATES_FILE), statusOf(CARD_FILE), analysis, analysis && statusOf(LABELS_FILE)];
  return stamps.map((file) => (file ? `${file.mtimeMs}:${file.size}:${file.ino}` : "")).join();
}

/** What cannot be asked about, as below a file that stands in a folder's place, is told when it is read: it hides no other run. */
function statusAt(path: string): {readonly mtimeMs: number; readonly size: number; readonly ino: number} | undefined {
  try {
    return statSync(path, {throwIfNoEntry: false});
  } catch {
    return {mtimeMs: 0, size: -1, ino: 0};
  }
}

/** Whether a line stays as it is while the files do: of a run that is over, and was not written just now, and is no example, whose labels are in memory. */
function isSettled({run}: Line, stamp: string): boolean {
  const written = Math.max(...stamp.split(",").map((file) => Number(file.split(":")[0])));
  return Date.now() - written >= FRESH_MS && run !== undefined && !run.live && !run.example;
}

function listOf(entries: readonly Entry[]): {readonly json: Buffer; readonly etag: string} {
  const broken: RunList["broken"] = entries.flatMap(({line}) => line.broken);
  const runs = entries.flatMap(({line: {run}, run: text}) => (run ? [{run, text}] : []));
  runs.sort(({run: a}, {run: b}) => Number(a.example) - Number(b.example) || (a.created < b.created ? 1 : a.created > b.created ? -1 : 0));
  const json = Buffer.from(`{"runs":[${runs.map(({text}) => text).join()}],"broken":${JSON.stringify(broken)}}`); // as a RunList
  return {json, etag: `"${createHash("sha256").update(json).digest("base64url").slice(0, 22)}"`};
}
