import {spawn} from "node:child_process";
import {mkdtemp, readFile, rm} from "node:fs/promises";
import {createRequire} from "node:module";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {parseArgs} from "node:util";
import {fileURLToPath, pathToFileURL} from "node:url";
import {manyRuns, putLoad, quantile} from "../support/load.ts";
import {positive, wholeFrom} from "../support/readNumber.ts";

const NOTHING = {runs: [], clients: 0, seconds: 600, requests: 1, seed: 1, pauseMs: 0};
const MAX_REQUESTS = 500_000; // whatever the time

/**
 * `npm run test:soak -- load [--clients 64] [--seconds 120] [--runs 1000] [--pause 100] [--profile FOLDER]`: a real server on this machine under many
 * clients while captures run; prints the times of each kind of question and the server's memory. Ends with status 1 where anything
 * was refused or broken.
 */
export async function soak(args: readonly string[]): Promise<void> {
  const {values} = parseArgs({
    args: [...args],
    options: {
      clients: {type: "string", default: "64"},
      seconds: {type: "string", default: "120"},
      runs: {type: "string", default: "1000"},
      pause: {type: "string", default: "100"},
      profile: {type: "string"}
    }
  });
  const [clients, count] = [wholeFrom(1, "--clients", values.clients), wholeFrom(1, "--runs", values.runs)];
  const [seconds, pauseMs] = [positive("--seconds", values.seconds), wholeFrom(0, "--pause", values.pause)];
  const folder = await mkdtemp(join(tmpdir(), "orrery-load-"));
  const server = await startServer(join(folder, "runs"), values.profile);
  try {
    const first = await putLoad({...NOTHING, url: server.url}); // one capture, to copy
    const names = await manyRuns(join(folder, "runs", first.captured[0]), join(folder, "runs"), count);
    const begun = performance.now();
    await (await fetch(`${server.url}/api/runs`)).arrayBuffer(); // as the server does itself when it starts
    const firstList = performance.now() - begun;
    const memory: number[] = [];
    const sample = setInterval(() => void residentBytes(server.pid).then((bytes) => memory.push(bytes)), 1000);
    const {answers, errors, captured} = await putLoad({
      url: server.url,
      runs: names.slice(0, 20), // each is analysed once; the list has them all
      clients,
      seconds,
      requests: MAX_REQUESTS,
      seed: 1,
      pauseMs
    });
    clearInterval(sample);
    console.log(`${clients} clients, ${seconds} s, ${count} runs, ${pauseMs} ms between questions; ${captured.length} captures meanwhile`);
    console.log(`the first list, which reads every run: ${firstList.toFixed(0)} ms`);
    console.log(["question", "answers", "p50 ms", "p99 ms", "max ms"].map((title) => title.padStart(10)).join(""));
    for (const kind of new Set(answers.map(({kind: one}) => one))) {
      const times = answers.filter((answer) => answer.kind === kind).map(({milliseconds}) => milliseconds);
      const cells = [kind, times.length, ...[0.5, 0.99, 1].map((share) => quantile(times, share).toFixed(1))];
      console.log(cells.map((cell) => String(cell).padStart(10)).join(""));
    }
    const third = Math.floor(memory.length / 3);
    const middle = (part: readonly number[]): string => `${(quantile(part, 0.5) / 2 ** 20).toFixed(0)} MB`;
    console.log(
      `server's memory, median of each third: ${[0, 1, 2].map((k) => middle(memory.slice(k * third, (k + 1) * third))).join(", ")}`
    );
    console.log(`errors: ${errors.length}`);
    for (const error of errors.slice(0, 10)) console.log(`  ${error}`);
    if (errors.length > 0) process.exitCode = 1;
  } finally {
    await server.stop();
    await rm(folder, {recursive: true, force: true});
  }
}

/** With a profile of the server's own process in a folder, as V8 writes it, where one is given. */
async function startServer(runs: string, profile: string | undefined): Promise<{url: string; pid: number; stop: () => Promise<void>}> {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  const cli = fileURLToPath(new URL("../../api/cli.ts", import.meta.url));
  const profiling = profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profile}`];
  const child = spawn(process.execPath, [...profiling, "--import", tsx, cli, "serve", "--port", "0", "--runs", runs], {
    stdio: ["ignore", "pipe", "inherit"]
  });
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on("data", (chunk: Buffer) => resolve(/http:\S+/.exec(chunk.toString())![0]));
    void ended.then(() => reject(new Error("the server ended")));
  });
  return {
    url,
    pid: child.pid!,
    async stop() {
      child.kill("SIGTERM");
      await ended;
    }
  };
}

/** Of the server's own process; NaN where the system does not say. */
async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? NaN) * 1024;
}
