import {cp, mkdir} from "node:fs/promises";
import {join} from "node:path";
import {uniformInt} from "pure-rand/distribution/uniformInt";
import {xoroshiro128plus} from "pure-rand/generator/xoroshiro128plus";
import {readTrace} from "../../capture/trace/reader.ts";
import {writeTraceJson} from "../../capture/trace/writer.ts";

/** Makes `count` runs out of one, each with a title and a time of its own. */
export async function manyRuns(from: string, runs: string, count: number): Promise<string[]> {
  const trace = await readTrace(from);
  const names = Array.from({length: count}, (_, i) => `load-${String(i).padStart(5, "0")}`);
  await mkdir(runs, {recursive: true});
  for (const [i, name] of names.entries()) {
    const dir = join(runs, name);
    await cp(from, dir, {recursive: true});
    await writeTraceJson(dir, {...trace, title: `run ${i}`, created: new Date(Date.UTC(2026, 0, 1) + i * 1000).toISOString()});
  }
  return names;
}

export interface LoadOptions {
  readonly url: string;
  /** Names of runs to look at. */
  readonly runs: readonly string[];
  readonly clients: number;
  /** It ends with whichever comes first. */
  readonly seconds: number;
  readonly requests: number;
  readonly seed: number;
  /** What a client does before its next question, in milliseconds. */
  readonly pauseMs: number;
}

export interface Measured {
  readonly kind: string;
  readonly milliseconds: number;
}

export interface LoadResult {
  readonly answers: readonly Measured[];
  /** What was refused or broken, a line each. */
  readonly errors: readonly string[];
  /** The runs that were captured meanwhile; at least one. */
  readonly captured: readonly string[];
}

type Ask = (run: string) => string;

/** What clients ask, as often as they stand here. */
const QUESTIONS: readonly (readonly [kind: string, ask: Ask])[] = [
  ["list", () => "/api/runs"],
  ["open", (run) => `/api/runs/${run}`],
  ["slice", (run) => `/api/runs/${run}/states?from=1&to=3&tokens=0,1`],
  ["metrics", (run) => `/api/runs/${run}/metrics`],
  ["project", (run) => `/api/runs/${run}/projection?dims=2`]
];

/** Many clients ask at once, each its next question after the answer and a pause, as browsers do: with the tag of what they have. One more captures all the while. */
export async function putLoad({url, runs, clients, seconds, requests, seed, pauseMs}: LoadOptions): Promise<LoadResult> {
  const answers: Measured[] = [];
  const errors: string[] = [];
  const end = performance.now() + seconds * 1000;
  let left = requests;
  const captured: string[] = [];
  const goesOn = (): boolean => performance.now() < end && left > 0;

  async function client(k: number): Promise<void> {
    const random = xoroshiro128plus(seed + k);
    const tags = new Map<string, string>();
    while (goesOn()) {
      --left;
      const [kind, ask] = QUESTIONS[uniformInt(random, 0, QUESTIONS.length - 1)];
      const path = ask(runs[uniformInt(random, 0, runs.length - 1)]);
      const began = performance.now();
      try {
        const response = await fetch(url + path, {headers: tags.has(path) ? {"if-none-match": tags.get(path)!} : {}});
        await response.arrayBuffer();
        if (response.status !== 200 && response.status !== 304) errors.push(`${path}: ${response.status}`);
        const tag = response.headers.get("etag");
        if (tag) tags.set(path, tag);
      } catch (error) {
        errors.push(`${path}: ${(error as Error).message}`);
      }
      answers.push({kind, milliseconds: performance.now() - began});
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }

  async function capturer(): Promise<void> {
    do {
      const body = JSON.stringify({model: "tiny-arithmetic", prompt: "12+34=", inits: 2, steps: 32, title: `capture ${captured.length}`});
      const response = await fetch(`${url}/api/captures`, {method: "POST", headers: {"content-type": "application/json"}, body});
      if (response.status !== 202) errors.push(`capture: ${response.status}`);
      const {id, run} = (await response.json()) as {id: string; run: string};
      for (;;) {
        const {status, error} = (await (await fetch(`${url}/api/captures/${id}`)).json()) as {status: string; error: string | null};
        if (status === "failed") errors.push(`capture: ${error}`);
        if (["complete", "failed", "cancelled"].includes(status)) break;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      captured.push(run);
    } while (performance.now() < end && left > 0 && clients > 0);
  }

  await Promise.all([...Array.from({length: clients}, (_, k) => client(k)), capturer()]);
  return {answers, errors, captured};
}

/** A share of the times, from the smallest: 0.5 is the median. NaN of none. */
export function quantile(times: readonly number[], share: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}
