import {fork} from "node:child_process";
import {once} from "node:events";
import {createRequire} from "node:module";
import {fileURLToPath, pathToFileURL} from "node:url";
import {seededRandom} from "../../../analysis/random.ts";
import {lookedAt, type Found} from "./checks.ts";
import {deedNames} from "./deeds.ts";
import type {DriverOrder} from "./driver.ts";
import {prepared} from "./ground.ts";
import {killedServer} from "./killedServer.ts";

/** Everything that is killed: what one process does alone, and a server with orders in line. */
export const killedNames = [...deedNames, "server"] as const;
export type Killed = (typeof killedNames)[number];

/** What was found after all kills of one deed. */
export interface Outcome extends Found {
  readonly deed: Killed;
  readonly kills: number;
}

export interface KillOptions {
  readonly kills: number;
  readonly seed: number;
  /** What is killed, in turn; defaults to everything. */
  readonly names?: readonly Killed[];
  /** Told what was lost, as it is found. */
  readonly tell?: (line: string) => void;
}

/** Kills each deed −9 at seeded changes of the disk, in turn, and looks after each kill at everything that is there. */
export async function loseNothing(folder: string, {kills, seed, names = killedNames, tell = () => {}}: KillOptions): Promise<Outcome[]> {
  const ground = await prepared(folder);
  const random = seededRandom(seed);
  const outcomes = new Map<Killed, Outcome>();
  for (let round = 0; round < kills; ++round) {
    const deed = names[round % names.length];
    const [moment, torn] = [random(), random() < 0.5];
    const name = `r${round}`;
    let found: Found;
    if (deed === "server") found = await killedServer(ground, {name, moment, torn});
    else {
      await killed({deed, places: ground.places, name, moment, torn});
      found = await lookedAt(deed, name, ground);
    }
    const {kills: before, absent, partial, whole, lost} = outcomes.get(deed) ?? {kills: 0, absent: 0, partial: 0, whole: 0, lost: []};
    const lines = found.lost.map((line) => `round ${round}, moment ${moment.toFixed(3)}${torn ? ", torn" : ""}: ${line}`);
    for (const line of lines) tell(`${deed}: ${line}`);
    outcomes.set(deed, {
      deed,
      kills: before + 1,
      absent: absent + found.absent,
      partial: partial + found.partial,
      whole: whole + found.whole,
      lost: [...lost, ...lines]
    });
  }
  return [...outcomes.values()];
}

const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;

async function killed(order: DriverOrder): Promise<void> {
  const child = fork(fileURLToPath(new URL("driver.ts", import.meta.url)), {
    execArgv: ["--import", tsx],
    stdio: ["ignore", "ignore", "inherit", "ipc"]
  });
  const gone = once(child, "exit") as Promise<[code: number | null, signal: string | null]>;
  child.send(order);
  const [, signal] = await gone;
  if (signal !== "SIGKILL") throw new Error(`the process of ${order.deed} ended by itself`);
}
