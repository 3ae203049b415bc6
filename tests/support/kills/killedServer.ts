import {fork, type ChildProcess} from "node:child_process";
import {once} from "node:events";
import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import type {ExperimentList, Job, RunList} from "../../../api/contract/contract.ts";
import {builtPath} from "../builtPath.ts";
import type {Found} from "./checks.ts";
import type {Ground, Reference} from "./ground.ts";
import {experimentRequest} from "./modelDeeds.ts";
import {statesOf, type Places} from "./places.ts";
import type {ServerOrder} from "./serverDriver.ts";

const MOST_CHANGES = 150; // of the server's own process, which makes about ten for each order
const STEPS = 5;
const MOST_WAITING = 6;

export interface KillMoment {
  readonly name: string;
  /** From 0 to below 1. */
  readonly moment: number;
  readonly torn: boolean;
}

/** Kills a server that is given orders, starts it again on the same folder, and waits for what was promised. */
export async function killedServer({places, reference}: Ground, {name, moment, torn}: KillMoment): Promise<Found> {
  const runs = join(places.folder, "servers", name, "runs");
  const first = await started({runs, change: 1 + Math.floor(moment * MOST_CHANGES), torn});
  const asked = await askedUntilDead(first, places, Math.floor(moment * 1000));
  const second = await started({runs, torn});
  try {
    await settled(second.url);
    return await keptPromises(second.url, asked, {runs, reference});
  } finally {
    second.child.kill("SIGTERM");
    await second.gone;
  }
}

interface RunningServer {
  readonly child: ChildProcess;
  readonly url: string;
  readonly gone: Promise<unknown>;
}

async function started(order: ServerOrder): Promise<RunningServer> {
  const child = fork(builtPath(fileURLToPath(new URL("serverDriver.ts", import.meta.url))), {
    execArgv: [],
    stdio: ["ignore", "ignore", "inherit", "ipc"]
  });
  const gone = once(child, "exit");
  child.send(order);
  const [url] = (await Promise.race([once(child, "message"), gone.then(() => Promise.reject(new Error("the server did not start")))])) as [
    string
  ];
  return {child, url, gone};
}

/** What the server answered that it would do, or had done. */
interface Asked {
  readonly captures: Set<string>;
  /** Of those, which it was told to cancel, whether it answered or not. */
  readonly cancelled: Set<string>;
  readonly experiments: Set<string>;
  /** Runs that it said are there: imported, or kept of a generation. */
  readonly made: Set<string>;
}

/** Asks for one thing after another, beginning anywhere, until nobody answers. */
async function askedUntilDead({url, gone}: RunningServer, {oldFile}: Places, beginning: number): Promise<Asked> {
  const asked: Asked = {captures: new Set(), cancelled: new Set(), experiments: new Set(), made: new Set()};
  const send = async (method: string, path: string, body?: unknown): Promise<string> => {
    const response = await fetch(url + path, {
      method,
      headers: body instanceof Uint8Array ? {} : {"content-type": "application/json"},
      body: body === undefined ? undefined : body instanceof Uint8Array ? Uint8Array.from(body) : JSON.stringify(body)
    });
    const text = await response.text();
    if (!response.ok && response.status !== 409) throw new Error(`${method} ${path}: ${response.status} ${text}`); // 409: it is over meanwhile
    return text;
  };
  const capture = async () => {
    const order = {model: "tiny-arithmetic", prompt: "1+2=", inits: 2, steps: STEPS, seed: 0};
    asked.captures.add((JSON.parse(await send("POST", "/api/captures", order)) as Job).run);
  };
  const waiting = async () => (JSON.parse(await send("GET", "/api/captures")) as {jobs: Job[]}).jobs.filter(({position}) => position! > 0);
  const {prompts, options} = experimentRequest;
  const asks: readonly (() => Promise<void>)[] = [
    capture,
    capture,
    async () => {
      const order = {model: "tiny-arithmetic", title: "kills", prompts, ...options};
      asked.experiments.add((JSON.parse(await send("POST", "/api/experiments", order)) as {id: string}).id);
    },
    capture,
    async () => {
      const last = (await waiting()).at(-1);
      if (last) await send("PATCH", `/api/captures/${last.id}`, {position: 1});
    },
    capture,
    async () => {
      const last = (await waiting()).at(-1);
      if (!last) return;
      asked.cancelled.add(last.id);
      await send("DELETE", `/api/captures/${last.id}`);
    },
    async () => {
      await send("PUT", "/api/uploads/one/old.npz", await readFile(oldFile));
      const {runs} = JSON.parse(await send("POST", "/api/imports", {upload: "one", file: "old.npz"})) as {runs: string[]};
      for (const run of runs) asked.made.add(run);
    },
    async () => {
      const text = await send("POST", "/api/generations", {model: "tiny-arithmetic", prompt: "\n12+34=", max_new: 3, steps: 8, keep: true});
      const end = /^event: end\ndata: (.*)$/m.exec(text);
      if (end) asked.made.add((JSON.parse(end[1]) as {run: string}).run);
    }
  ];
  try {
    for (let i = beginning; ; ++i) {
      await asks[i % asks.length]();
      while ((await waiting()).length >= MOST_WAITING) await new Promise((resolve) => setTimeout(resolve, 50));
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // fetch's own: nobody is there
  }
  await gone;
  return asked;
}

/** Resolves when nothing waits or runs any more. */
async function settled(url: string): Promise<void> {
  const ask = async <T>(path: string): Promise<T> => (await fetch(url + path)).json() as Promise<T>;
  for (;;) {
    const {jobs} = await ask<{jobs: Job[]}>("/api/captures");
    const {experiments} = await ask<ExperimentList>("/api/experiments");
    const {runs} = await ask<RunList>("/api/runs");
    const isOver =
      jobs.every(({position}) => position === null) &&
      experiments.every(({status}) => status !== "queued" && status !== "running") &&
      runs.every(({live}) => !live);
    if (isOver) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Every order that was taken was carried out, but for what ran when the kill came, of which a part is there. */
async function keptPromises(
  url: string,
  {captures, cancelled, experiments, made}: Asked,
  {runs, reference}: {readonly runs: string; readonly reference: Reference}
): Promise<Found> {
  const lost: string[] = [];
  const list = (await (await fetch(`${url}/api/runs`)).json()) as RunList;
  for (const {id, error} of list.broken) lost.push(`${id}: ${error}`);
  const byId = new Map(list.runs.map((run) => [run.id, run]));
  let [absent, partial, whole] = [0, 0, 0];
  for (const id of [...captures, ...made]) {
    const run = byId.get(id);
    if (run?.status === "complete") ++whole;
    else if (cancelled.has(id)) ++absent;
    else if (run && captures.has(id)) ++partial;
    else lost.push(`${id} was promised and is not there`);
  }
  for (const {id, steps_written: written} of list.runs) {
    if (!captures.has(id)) continue;
    const states = await statesOf(join(runs, id));
    if (written >= 0 && states.some((x, i) => x !== reference.captured[i])) lost.push(`${id}: its states differ from undisturbed ones`);
  }
  const {experiments: all, broken} = (await (await fetch(`${url}/api/experiments`)).json()) as ExperimentList;
  for (const {id, error} of broken) lost.push(`${id}: ${error}`);
  let begun = 0;
  for (const id of experiments) {
    const experiment = all.find((one) => one.id === id);
    if (experiment?.status === "complete") ++whole;
    else if (experiment?.status === "partial") ++begun;
    else lost.push(`experiment ${id} was promised and is ${experiment?.status ?? "not there"}`);
  }
  if (partial > 1 || begun > 1) lost.push(`${partial} captures and ${begun} experiments are partial; only one of each can have run`);
  return {absent, partial: partial + begun, whole, lost};
}
