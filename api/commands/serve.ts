import {existsSync} from "node:fs";
import type {Command} from "commander";
import {pino} from "pino";
import {createServer} from "../http/server.ts";
import {shippedModels, shippedRuns} from "../models/shipped.ts";
import {note, print} from "./print.ts";
import {userPath, wholeNumber} from "./usage.ts";

interface ServeOptions {
  readonly port: number;
  readonly host: string;
  readonly runs: string;
  readonly models: readonly string[];
  readonly logLevel: string;
}

export function addServe(program: Command): void {
  program
    .command("serve")
    .description("serve the page and the API on this machine")
    .option("--port <number>", "port to listen on; 0 for any that is free", wholeNumber({from: 0, to: 65535}), 4040)
    .option("--host <address>", "address to listen on; others than 127.0.0.1 let other machines in, without a password", "127.0.0.1")
    .option("--runs <folder>", "where runs are kept", "runs")
    .option(
      "--models <folder>",
      "a folder of checkpoint folders, beside those that ship; may be given again",
      (folder: string, before: readonly string[]) => [...before, folder],
      []
    )
    .option("--log-level <level>", "trace, debug, info, warn, error or silent, on stderr", "warn")
    .action(serve);
}

async function serve({port, host, runs, models, logLevel}: ServeOptions): Promise<void> {
  const log = pino({level: logLevel}, pino.destination({fd: 2, sync: true}));
  const folders = models.map(userPath);
  for (const folder of folders) if (!existsSync(folder)) throw new Error(`missing models folder: ${folder}`);
  const server = createServer({
    runs: userPath(runs),
    models: [...folders, shippedModels],
    examples: shippedRuns,
    hosts: host === "127.0.0.1" ? [] : [host],
    log
  });
  try {
    await print(`Orrery is at ${await server.listen({port, host})}`);
    server.warm();
    await askedToStop();
  } finally {
    await server.close();
  }
}

/** Resolves at the first Ctrl-C or SIGTERM; the second ends the program at once. */
function askedToStop(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.on(signal, () => {
        if (asked) process.exit(1);
        asked = true;
        note("stopping; what runs is kept as a partial run");
        resolve();
      });
    }
  });
}
