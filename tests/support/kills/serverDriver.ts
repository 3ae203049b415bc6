import {fileURLToPath} from "node:url";
import {pino} from "pino";
import {createServer} from "../../../api/http/server.ts";
import {countChanges, dieAt} from "./dieAt.ts";

/** A server in a process of its own, which tells its address, and dies in one of the changes that it makes on the disk from then on. */
export interface ServerOrder {
  readonly runs: string;
  /** Which one; it lives until it is asked to end where there is none. */
  readonly change?: number;
  readonly torn: boolean;
}

process.once("message", (order: ServerOrder) => void begin(order));
process.on("disconnect", () => process.exit(0));

async function begin({runs, change, torn}: ServerOrder): Promise<void> {
  await countChanges();
  const models = [fileURLToPath(new URL("../../../fixtures/models", import.meta.url))];
  const server = createServer({runs, models, log: pino({level: "silent"})});
  process.on("SIGTERM", () => void server.close().then(() => process.exit(0)));
  const url = await server.listen({port: 0});
  if (change !== undefined) dieAt(change, {torn});
  process.send!(url);
}
