import {spawn, spawnSync} from "node:child_process";
import {createServer, type AddressInfo} from "node:net";
import {onTestFinished} from "vitest";

/** Whether Debian's redis-server, or one like it, is here. */
export const hasRedis = spawnSync("redis-server", ["--version"]).status === 0;

export interface RedisServer {
  readonly address: string;
  /** As a machine that loses its power. */
  kill(): Promise<void>;
  /** Starts it again over what it had written. */
  start(): Promise<void>;
}

/** A Redis of the test's own that writes everything down before it answers; gone with the test. */
export async function startRedis(dir: string): Promise<RedisServer> {
  const port = await freePort();
  const args = [
    "--port",
    String(port),
    "--bind",
    "127.0.0.1",
    "--dir",
    dir,
    "--appendonly",
    "yes",
    "--appendfsync",
    "always",
    "--save",
    ""
  ];
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
  onTestFinished(() => end());
  return {address: `redis://127.0.0.1:${port}`, kill: () => end(), start};
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const {port} = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
