import {spawn, spawnSync} from "node:child_process";
import {freePort} from "./freePort.ts";

/** Whether Debian's redis-server, or one like it, is here. */
export const hasRedis = spawnSync("redis-server", ["--version"]).status === 0;

export interface RedisProcess {
  readonly address: string;
  /** As a machine that loses its power. */
  kill(): Promise<void>;
  /** Starts it again over what it had written. */
  start(): Promise<void>;
}

/** A Redis on a free port that writes everything down, into a folder, before it answers. */
export async function spawnRedis(dir: string): Promise<RedisProcess> {
  const port = await freePort();
  const options = {port: String(port), bind: "127.0.0.1", dir, appendonly: "yes", appendfsync: "always", save: ""};
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  let end = async (): Promise<void> => {};
  const start = async (): Promise<void> => {
    const child = spawn("redis-server", args, {stdio: ["ignore", "pipe", "inherit"]});
    const over = new Promise<void>((resolve) => child.once("close", () => resolve()));
    end = () => {
      child.kill("SIGKILL");
      return over;
    };
    await new Promise<void>((resolve, reject) => {
      child.stdout.on("data", (text: Buffer) => text.includes("Ready to accept connections") && resolve());
      void over.then(() => reject(new Error("redis-server ended")));
    });
  };
  await start();
  return {address: `redis://127.0.0.1:${port}`, kill: () => end(), start};
}
