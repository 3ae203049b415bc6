import {mkdir, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {visible} from "../../../capture/trace/visible.ts";
import {readTrace} from "../../../capture/trace/reader.ts";
import {openSafetensors} from "../../../capture/trace/safetensors.ts";
import {runCli, startCli} from "../../support/runCli.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

const LONG = "4096"; // steps: some ten seconds, which no test waits for

describe("orrery serve", () => {
  it("says where it is, and in one line that its port is taken", async () => {
    const folder = await temporaryFolder();
    const name = "a\u009b31m\u001b[2J"; // what a terminal obeys
    await mkdir(join(folder, "runs", name), {recursive: true});
    await writeFile(join(folder, "runs", name, "trace.json"), "{");
    const running = startCli(["serve", "--port", "0"], {cwd: folder});
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(await running.until("\n"))![0];
    expect(await (await fetch(`${url}/api/info`)).json()).toMatchObject({
      name: "orrery",
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/)
    });
    const {port} = new URL(url);
    const second = await runCli(["serve", "--port", port], {cwd: folder});
    expect(second).toEqual({status: 1, stdout: "", stderr: `port in use: ${port} on 127.0.0.1; choose another with --port\n`});
    running.process.kill("SIGTERM");
    const {status, stderr} = await running.end;
    expect([status, stderr]).toEqual([0, visible(stderr)]);
    expect((JSON.parse(stderr.split("\n")[0]) as {msg: string}).msg).toContain(`${name}: invalid`);
  });

  it.each(["198.51.100.1", "[::1]"])("refuses --host %s, where nothing can be listened to, as a usage error", async (host) => {
    const {status, stdout, stderr} = await runCli(["serve", "--port", "0", "--host", host, "--log-level", "silent"], {
      cwd: await temporaryFolder()
    });
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^invalid --host: .*; expected an address or a name of this machine \([A-Z_]+\)\n$/);
    expect(stderr).toContain(host);
  });

  it.runIf(process.platform === "linux")("opens in a folder that takes no files, and says so", async () => {
    const running = startCli(["serve", "--port", "0", "--runs", "/proc"]);
    await running.until("http://");
    running.process.kill("SIGTERM");
    const {status, stderr} = await running.end;
    expect([status, (JSON.parse(stderr.split("\n")[0]) as {msg: string}).msg]).toEqual([
      0,
      "nothing can be kept in /proc: it takes no files (ENOENT)"
    ]);
  });

  it("that is killed -9 leaves its capture as a readable partial run", async () => {
    const folder = await temporaryFolder();
    const running = startCli(["serve", "--port", "0"], {cwd: folder});
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(await running.until("\n"))![0];
    const asked = await fetch(`${url}/api/captures`, {
      method: "POST",
      headers: {"content-type": "application/json"},
      body: JSON.stringify({model: "tiny-arithmetic", prompt: "1+2=", steps: Number(LONG), inits: 1})
    });
    const dir = join(folder, "runs", ((await asked.json()) as {run: string}).run);
    await expect
      .poll(() =>
        readTrace(dir).then(
          ({steps_written}) => steps_written,
          () => -1
        )
      )
      .toBeGreaterThan(2);
    running.process.kill("SIGKILL");
    await expect.poll(async () => (await readTrace(dir)).stopped).toBe("killed"); // by the capture process, which is alone now
    const {steps_written} = await readTrace(dir);
    await expect
      .poll(async () =>
        openSafetensors(join(dir, "states.safetensors")).then(
          async (file) => {
            await file.close();
            return file.tensors.get("state")!.shape[0];
          },
          () => undefined
        )
      )
      .toBe(steps_written + 1);
  });

  it("refuses a models folder that is not there", async () => {
    const {status, stderr} = await runCli(["serve", "--port", "0", "--models", "/nowhere"]);
    expect([status, stderr]).toEqual([1, "missing models folder: /nowhere\n"]);
  });
});
