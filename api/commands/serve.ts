import {existsSync} from "node:fs";
import {isIP} from "node:net";
import {hostname, networkInterfaces} from "node:os";
import {InvalidArgumentError, type Command} from "commander";
import {endPassing} from "../files/passing.ts";
import {askedToStop} from "./askedToStop.ts";
import {baseOf} from "../http/access/base.ts";
import {hostOf, isLoopback} from "../http/access/hosts.ts";
import {askPlace} from "../files/places.ts";
import {createServer} from "../http/server.ts";
import {shippedModels, shippedRuns} from "../models/shipped.ts";
import {each, examples} from "./options.ts";
import {note, print} from "./print.ts";
import {serverLog} from "./serverLog.ts";
import {serveTokens} from "./serveTokens.ts";
import {asUsageErrors, number, UsageError, userFolder, userPath, wholeNumber} from "./usage.ts";

interface ServeOptions {
  readonly port: number;
  readonly host: string;
  readonly allowHost: readonly string[];
  readonly base?: string;
  readonly token: boolean;
  readonly tokenFile?: string;
  readonly users?: string;
  readonly userCaptures: number;
  readonly userExperiments: number;
  readonly userAnalyses: number;
  readonly userDisk?: number;
  readonly queue?: string;
  readonly results?: string;
  readonly runs: string;
  readonly models: readonly string[];
  readonly logLevel: string;
}

export function addServe(verb: Command): void {
  verb
    .option("--port <number>", "port to listen on; 0 for any that is free", wholeNumber({least: 0, most: 65_535}), 4040)
    .option("--host <address>", "address to listen on; others than this machine's own, as 0.0.0.0, ask for a token", listened, "127.0.0.1")
    .option(
      "--allow-host <name>",
      "a further name that the page is asked for by, as NAME, NAME:PORT or .DOMAIN; may be given again",
      allowed,
      []
    )
    .option("--base <path>", "the path below which a proxy keeps the page, as /user/kim/proxy/4040/", base)
    .option("--token-file <file>", "ask for the token that this file holds, instead of one made at the start")
    .option("--users <file>", "ask for the tokens of the people in this file; `orrery token` makes it")
    .option(
      "--user-captures <number>",
      "captures, generations and imports of one person that run or wait",
      wholeNumber({least: 1, most: 1000}),
      200
    )
    .option("--user-experiments <number>", "experiments of one person that run or wait", wholeNumber({least: 1, most: 100}), 20)
    .option(
      "--user-analyses <number>",
      "analyses, exports and reports of one person that run or wait",
      wholeNumber({least: 1, most: 1000}),
      100
    )
    .option(
      "--user-disk <GB>",
      "what one person's runs, experiments and uploads may take of the disk; defaults to all there is",
      number({least: 0, most: 1e6})
    )
    .option("--no-token", "let in whoever reaches the address")
    .option(
      "--queue <address>",
      "have experiments, evaluations and censuses done by the workers of a Redis or Valkey, as redis://host:6379, and captures with --results; see `orrery work --queue` (default: here)"
    )
    .option(
      "--results <place>",
      "with --queue, a folder or s3://bucket/prefix that workers put runs into and this server fetches them from; finished censuses are put there, too"
    )
    .option("--runs <folder>", "where runs are kept", "runs")
    .option("--models <folder>", "a folder of checkpoint folders, beside those that ship; may be given again", each, [])
    .option("--log-level <level>", "trace, debug, info, warn, error or silent, on stderr; info has a line for each request", "warn")
    .addHelpText("after", examples("serve", "serve --port 8080 --runs ~/orrery-runs --models ~/checkpoints"))
    .action(serve);
}

async function serve({
  port,
  host,
  allowHost,
  base: path,
  userCaptures,
  userExperiments,
  userAnalyses,
  userDisk = Infinity,
  queue,
  results,
  runs,
  models,
  logLevel,
  ...access
}: ServeOptions): Promise<void> {
  const log = serverLog(logLevel);
  const folders = models.map(userPath);
  for (const folder of folders) if (!existsSync(folder)) throw new Error(`missing models folder: ${folder}`);
  const {tokens, link, line} = await serveTokens(host, {...access, warn: (line) => log.warn(line)});
  if (results !== undefined && queue === undefined)
    throw new UsageError("invalid --results: runs travel only through a queue; expected --queue beside it");
  if (queue !== undefined) await refuseUnreachable(queue);
  const place = results === undefined ? undefined : userPath(results);
  if (place !== undefined) await asUsageErrors(askPlace(place));
  const asked = askedToStop(); // from the beginning on
  const server = createServer({
    sharedQueue: queue,
    results: place,
    runs: await userFolder(runs),
    models: [...folders, ...shippedModels],
    examples: shippedRuns,
    address: host,
    hosts: allowHost,
    base: path,
    tokens,
    limits: {captures: userCaptures, experiments: userExperiments, analyses: userAnalyses, bytes: userDisk * 1e9},
    log
  });
  try {
    const url = await asUsageErrors(server.listen({port}));
    await print(`Orrery is at ${reachable(url, host)}${path ?? (link ? "/" : "")}${link}`);
    if (line) note(line);
    server.warm();
    await asked;
  } finally {
    await server.close();
    await endPassing();
  }
}

/** Before anything is served: a wrong address is told where it was typed. */
async function refuseUnreachable(address: string): Promise<void> {
  const {connectQueue} = await import("../queue/shared/queueConnection.ts");
  (await asUsageErrors(connectQueue(address))).disconnect();
}

function base(path: string): string {
  try {
    return baseOf(path);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

function listened(address: string): string {
  if (isIP(address) === 0 && !hostOf(address)) throw new InvalidArgumentError("expected an address or a name, as 0.0.0.0");
  return address;
}

function allowed(name: string, before: readonly string[]): string[] {
  if (!hostOf(name.replace(/^\./, ""))) throw new InvalidArgumentError("expected a host name, as lab.example.org or lab.example.org:8080");
  return each(name, before);
}

/** An address that others can open: what is listened on may stand for all of this machine's. */
function reachable(url: string, host: string): string {
  if (isLoopback(host) || !["0.0.0.0", "::"].includes(host)) return url;
  const own = Object.values(networkInterfaces())
    .flat()
    .find((one) => one && !one.internal && one.family === "IPv4");
  return `http://${own?.address ?? hostname()}:${new URL(url).port}`;
}
