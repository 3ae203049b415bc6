import {existsSync} from "node:fs";
import {realpath, stat} from "node:fs/promises";
import {hostname} from "node:os";
import {basename, extname, join} from "node:path";
import {pathToFileURL} from "node:url";
import type {Command} from "commander";
import {errorLine} from "../../capture/errorLine.ts";
import {examplesOf, isHuginnResearch} from "../exchange/importHuginnResearch.ts";
import {importRun} from "../exchange/importRun.ts";
import {isReport, reportImport} from "../exchange/reportImport.ts";
import {ownerOfRuns} from "../http/ownRuns.ts";
import {createServer} from "../http/server.ts";
import {shippedModels, shippedRuns} from "../models/shipped.ts";
import {newName} from "../runs/newName.ts";
import {checkFolderName} from "../files/folderNames.ts";
import {createRunStore} from "../runs/runStore.ts";
import {askedToStop} from "./askedToStop.ts";
import {thereIs} from "./nearestName.ts";
import {openInBrowser} from "./openInBrowser.ts";
import {examples} from "./options.ts";
import {note, print, printJson} from "./print.ts";
import {serverLog} from "./serverLog.ts";
import {asUsageErrors, nameList, userPath, wholeNumber} from "./usage.ts";

interface FileOptions {
  readonly array?: string;
  readonly axes?: string[];
  readonly model?: string;
  readonly prompt?: string;
  readonly title?: string;
}

interface OpenOptions extends FileOptions {
  readonly runs: string;
  readonly port: number;
  readonly browser: boolean;
  readonly json?: boolean;
}

export function addOpen(verb: Command): void {
  verb
    .option("--runs <folder>", "where runs are kept", "runs")
    .option("--port <number>", "port of the server that is started; 0 for any that is free", wholeNumber({least: 0, most: 65_535}), 4040)
    .option("--no-browser", "print the link alone; by default the system's browser opens it, where there is one")
    .option("--array <name>", "which array of a bare file holds the states, or step_# for one a step (default: state, else states)")
    .option("--axes <names>", "its axes in its own order, of step,init,token,width (default: by their count)", nameList)
    .option("--model <name>", "the model's name, where a bare file does not say it")
    .option("--prompt <text>", "the prompt, where a bare file does not say it")
    .option("--title <text>", "what to call the run (default: the file's name)")
    .option("--json", "print one JSON document on stdout and nothing else")
    .addHelpText("after", examples("open trace/", "open states.npz --axes step,init,width --no-browser"))
    .action(openOne);
}

async function openOne(path: string, {runs: runsFolder, port, browser, json, ...file}: OpenOptions): Promise<void> {
  const show = async (link: string, line: object): Promise<void> => {
    await (json ? printJson({link, ...line}) : print(link));
    if (browser) openInBrowser(link);
  };
  if (existsSync(userPath(path)) && (await isReport(userPath(path)))) {
    await reportImport(userPath(path)); // refused here, not in the browser
    return show(pathToFileURL(userPath(path)).href, {runs: []});
  }
  const runs = userPath(runsFolder);
  const found = await knownRun(path, runs);
  const shown = async (address: string): Promise<void> => {
    const ids = found === undefined ? await importInto(runs, userPath(path), file) : [found];
    await show(`${address}?${ids.length === 1 ? `run=${encodeURIComponent(ids[0])}` : "runs"}`, {runs: ids});
  };
  const address = await servedAt(runs);
  if (address !== undefined) return shown(address);
  const asked = askedToStop(); // from the beginning on
  const server = createServer({runs, models: shippedModels, examples: shippedRuns, log: serverLog("warn")});
  try {
    await shown(`${await server.listen({port})}/`);
    server.warm();
    note("serving the page; Ctrl-C ends it");
    await asked;
  } finally {
    await server.close();
  }
}

/** The name of a run that is there already, in the runs folder or among those that ship; undefined for what is to be imported. Throws an Error for neither. */
async function knownRun(path: string, runs: string): Promise<string | undefined> {
  const places = await createRunStore({runs, examples: shippedRuns}).places();
  const own = await realpath(userPath(path)).catch(() => undefined);
  const dirs = await Promise.all(places.map(({dir}) => realpath(dir).catch(() => undefined)));
  const place = own === undefined ? places.find(({id}) => id === path) : places[dirs.indexOf(own)];
  if (own === undefined && !place)
    throw new Error(
      `no such file: ${path}; nor a run in ${runs} or that ships: ${thereIs(
        path,
        places.map(({id}) => id)
      )}`
    );
  if (place) checkFolderName(place.id, "run");
  return place?.id;
}

/** Where a server of the runs folder listens; undefined where there is none. Throws where there is one that cannot be reached from here. */
async function servedAt(runs: string): Promise<string | undefined> {
  const owner = await ownerOfRuns(runs);
  if (!owner) return undefined;
  const {pid, host, address} = owner;
  if (address === undefined || host !== hostname())
    throw new Error(`runs folder in use: ${runs}: process ${pid} on ${host} serves it; open it there`);
  await fetch(`${address}api/health`, {signal: AbortSignal.timeout(ANSWER_MS)}).catch((cause: unknown) => {
    throw new Error(`no answer from ${address}, where process ${pid} serves ${runs}`, {cause});
  });
  return address;
}

const ANSWER_MS = 10_000; // of a server that has much to do

/** Makes runs of what lies elsewhere, named after their file, and gives their names. */
async function importInto(runs: string, path: string, {title, ...options}: FileOptions): Promise<string[]> {
  const isFolder = (await stat(path)).isDirectory();
  const name = title ?? (isFolder ? undefined : basename(path, extname(path)));
  const examplesThere = isFolder && (await isHuginnResearch(path)) ? await examplesOf(path) : [undefined];
  const made: string[] = [];
  for (const example of examplesThere) {
    const id = newName(new Date(), name ?? example ?? basename(path));
    try {
      const {warnings} = await asUsageErrors(importRun(path, {...options, out: join(runs, id), title: name, example}));
      made.push(id);
      for (const line of warnings) note(line);
    } catch (error) {
      if (examplesThere.length === 1) throw error;
      note(`not imported: ${example}: ${errorLine(error)}`);
    }
  }
  if (made.length === 0) throw new Error(`no run in ${path} can be imported`);
  return made;
}
