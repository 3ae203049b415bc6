import {fork, type ChildProcess} from "node:child_process";
import {once} from "node:events";
import {fileURLToPath} from "node:url";
import {seededRandom} from "../../../analysis/random.ts";
import {builtPath} from "../builtPath.ts";
import {litterIn, lookedAt, type Found} from "./checks.ts";
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
  /** What comes at the moment: SIGKILL, or a disk without room from there on, which a server is not given here. Defaults to `kill`. */
  readonly end?: DriverOrder["end"];
  /** What is killed, in turn; defaults to everything. */
  readonly names?: readonly Killed[];
  /** Told what was lost, as it is found. */
  readonly tell?: (line: string) => void;
}

/** Kills each deed −9 at seeded changes of the disk, or fills the disk there, in turn, and looks each time at everything that is there. */
export async function loseNothing(
  folder: string,
  {kills, seed, end = "kill", names = end === "kill" ? killedNames : deedNames, tell = () => {}}: KillOptions
): Promise<Outcome[]> {
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
      const faults = await (end === "kill" ? killed : filled)({deed, places: ground.places, name, moment, torn, end});
      const {lost, ...counts} = await lookedAt(deed, name, ground);
      found = {...counts, lost: [...faults, ...lost]};
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

function started(order: DriverOrder): ChildProcess {
  const child = fork(builtPath(fileURLToPath(new URL("driver.ts", import.meta.url))), {
    execArgv: [],
    stdio: ["ignore", "ignore", "inherit", "ipc"]
  });
  child.send(order);
  return child;
}

async function killed(order: DriverOrder): Promise<string[]> {
  const [, signal] = (await once(started(order), "exit")) as [code: number | null, signal: string | null];
  if (signal !== "SIGKILL") throw new Error(`the process of ${order.deed} ended by itself`);
  return [];
}

const FULL = /^(no space left on the device|too little disk)\b[^\n]{0,270}$/;

/** What is wrong with how a full disk is told, and with what the process left there, which it had the time to remove. */
async function filled(order: DriverOrder): Promise<string[]> {
  const child = started(order);
  const gone = once(child, "exit");
  const [line] = (await Promise.race([once(child, "message"), gone.then(() => ["the process died"])])) as [string];
  await gone;
  const litter = await litterIn(order.places.folder);
  return [
    ...(line === "" || FULL.test(line) ? [] : [`a full disk is told so: ${line}`]),
    ...litter.map((path) => `on a full disk it leaves ${path}`)
  ];
}
