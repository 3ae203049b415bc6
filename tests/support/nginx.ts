import {spawn} from "node:child_process";
import {existsSync} from "node:fs";
import {mkdir, writeFile} from "node:fs/promises";
import {createServer, type AddressInfo} from "node:net";
import {join} from "node:path";
import {onTestFinished} from "vitest";
import {temporaryFolder} from "./temporaryFolder.ts";

const PLACES = ["/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx", "/opt/homebrew/bin/nginx"];

/** The program, where the system has it (Debian: apt-get install nginx-light); else undefined, and one line says that its tests skip. */
export const nginxPath = PLACES.find((path) => existsSync(path));
if (!nginxPath) console.log("skipped: no nginx; the tests behind a real proxy need one (Debian: apt-get install nginx-light)");

/** A real nginx on a free port of this machine, with the given body of its `server` block; answers with its port when it listens. */
export async function startNginx(server: string): Promise<number> {
  const folder = await temporaryFolder();
  const port = await freePort();
  await mkdir(join(folder, "tmp"));
  const temporaries = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((kind) => `${kind}_temp_path tmp/${kind};`).join(" ");
  await writeFile(
    join(folder, "nginx.conf"),
    `daemon off; master_process off; pid nginx.pid; error_log stderr error;
events {}
http { access_log off; ${temporaries} server { listen 127.0.0.1:${port}; ${server} } }
`
  );
  const child = spawn(nginxPath!, ["-p", folder, "-e", "stderr", "-c", "nginx.conf"], {stdio: ["ignore", "ignore", "pipe"]});
  let complaints = "";
  child.stderr.on("data", (chunk: Buffer) => (complaints += chunk.toString()));
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
  onTestFinished(async () => {
    child.kill();
    await ended;
  });
  while (!(await answers(port))) if (child.exitCode !== null) throw new Error(`nginx ended: ${complaints}`);
  return port;
}

const answers = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/no-such-place`).then(
    () => true,
    () => false
  );

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const {port} = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
