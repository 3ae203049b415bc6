import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {z} from "zod";
import {Refusal} from "../../capture/trace/refusal.ts";
import type {TaskSummary} from "../contract/evalSchemas.ts";
import {readTask} from "./taskFile.ts";

const folder = fileURLToPath(new URL("../../fixtures/tasks", import.meta.url));

let abouts: Promise<Readonly<Record<string, string>>> | undefined;
const taskAbouts = () =>
  (abouts ??= readFile(join(folder, "tasks.json"), "utf8").then((text) => z.record(z.string(), z.string()).parse(JSON.parse(text))));

/** The file of a task that ships; undefined for another name. */
export const shippedTask = async (name: string): Promise<string | undefined> =>
  Object.hasOwn(await taskAbouts(), name) ? join(folder, `${name}.jsonl`) : undefined;

/** The same; throws a Refusal that lists the names. */
export async function findTask(name: string): Promise<string> {
  const path = await shippedTask(name);
  if (path === undefined)
    throw new Refusal(`unknown task: ${name.slice(0, 128)}; one of ${Object.keys(await taskAbouts()).join(", ")}`, {kind: "unknown"});
  return path;
}

let summaries: Promise<readonly TaskSummary[]> | undefined;

/** The tasks that ship. */
export const shippedTasks = (): Promise<readonly TaskSummary[]> => (summaries ??= readShipped());

async function readShipped(): Promise<readonly TaskSummary[]> {
  const tasks: TaskSummary[] = [];
  for (const [name, about] of Object.entries(await taskAbouts())) {
    const items = await readTask(join(folder, `${name}.jsonl`));
    tasks.push({name, about, items: items.length, families: [...new Set(items.map(({task}) => task))]});
  }
  return tasks;
}
