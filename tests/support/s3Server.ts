import {spawn, spawnSync} from "node:child_process";
import {mkdir} from "node:fs/promises";
import {homedir} from "node:os";
import {join} from "node:path";
import {freePort} from "./freePort.ts";

/** A real S3 server: versitygw on the path, or where `go install` puts it. */
const PROGRAM = ["versitygw", join(homedir(), "go", "bin", "versitygw")].find((path) => spawnSync(path, ["--version"]).status === 0);

export const hasS3Server = PROGRAM !== undefined;

export interface S3Server {
  /** What a client needs to know. */
  readonly env: Readonly<Record<string, string>>;
  /** As a machine that loses its power. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

const SECRET = "not-to-be-shown";

/** An S3 server on a free port over a folder, with one bucket. */
export async function spawnS3Server(dir: string, bucket: string): Promise<S3Server> {
  await mkdir(join(dir, bucket), {recursive: true});
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let end = async (): Promise<void> => {};
  const start = async (): Promise<void> => {
    const child = spawn(PROGRAM!, ["--port", `127.0.0.1:${port}`, "posix", dir], {
      env: {...process.env, ROOT_ACCESS_KEY: "lab", ROOT_SECRET_KEY: SECRET},
      stdio: "ignore"
    });
    const over = new Promise<void>((resolve) => child.once("close", () => resolve()));
    end = () => {
      child.kill("SIGKILL");
      return over;
    };
    for (;;) {
      const answers = await fetch(url).then(
        () => true,
        () => false
      );
      if (answers) return;
      if (child.exitCode !== null) throw new Error("versitygw ended");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  await start();
  const env = {AWS_ENDPOINT_URL: url, AWS_ACCESS_KEY_ID: "lab", AWS_SECRET_ACCESS_KEY: SECRET};
  return {env, kill: () => end(), start};
}
