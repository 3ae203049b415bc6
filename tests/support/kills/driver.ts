import {errorLine} from "../../../capture/errorLine.ts";
import {changesDone, countChanges, dieAt, fillAt} from "./dieAt.ts";
import {deeds, type Deed} from "./deeds.ts";
import type {Places} from "./places.ts";

/** A process that does one kind of thing over and over until it is killed at one of the changes it makes on the disk, or the disk is full from there on. */
export interface DriverOrder {
  readonly deed: Deed;
  readonly places: Places;
  /** The first part of all names. */
  readonly name: string;
  /** Where among the changes that it makes in one go, from 0 to below 1. */
  readonly moment: number;
  readonly torn: boolean;
  readonly end: "kill" | "full";
}

process.once("message", (order: DriverOrder) => void begin(order));
process.on("disconnect", () => process.exit(0));

async function begin({deed, places, name, moment, torn, end}: DriverOrder): Promise<void> {
  await countChanges();
  await deeds[deed](places, `${name}-warm`);
  const change = 1 + Math.floor(moment * changesDone());
  if (end === "full") {
    fillAt(change, {torn});
    const line = await deeds[deed](places, `${name}-0`).then(() => "", errorLine);
    process.send!(line, () => process.exit(0));
    return;
  }
  dieAt(change, {torn});
  for (let i = 0; ; ++i) await deeds[deed](places, `${name}-${i}`);
}
