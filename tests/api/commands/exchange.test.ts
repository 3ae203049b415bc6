import {readdir, readFile, stat} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {patternsSchema} from "../../../api/contract/contract.ts";
import {pythonWith} from "../../support/python.ts";
import {runCli, startCli, withoutProgress} from "../../support/runCli.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";
import {exampleTrace} from "../exchange/exampleTrace.ts";

const torch = pythonWith("torch", "numpy");
const root = join(import.meta.dirname, "../../..");

describe("orrery export and orrery import", () => {
  it("carry a run out and back, taking paths from the user's folder", async () => {
    const user = await temporaryFolder();
    await exampleTrace(join(user, "run"), {storageDtype: "bf16"});
    const from = {env: {INIT_CWD: user}};
    const exported = await runCli(["export", "run", "--format", "npz", "--out", "files/run.npz", "--json"], from);
    const file = join(user, "files", "run.npz");
    expect({...exported, stdout: JSON.parse(exported.stdout)}).toEqual({
      status: 0,
      stderr: "",
      stdout: {
        out: file,
        format: "npz",
        bytes: (await stat(file)).size,
        run: join(user, "run"),
        status: "complete",
        steps: 4,
        steps_written: 4
      }
    });
    const imported = await runCli(["import", "files/run.npz", "--out", "again", "--json"], from);
    expect({...imported, stdout: JSON.parse(imported.stdout)}).toEqual({
      status: 0,
      stderr: "",
      stdout: {run: join(user, "again"), format: "npz of a trace", warnings: []}
    });
    expect(
      (await readFile(join(user, "again", "states.safetensors"))).equals(await readFile(join(user, "run", "states.safetensors")))
    ).toBe(true);
  });

  it.each(["npz", "safetensors", "csv"])("write %s to a pipe, byte for byte as to a file, and say on stderr how much", async (format) => {
    const dir = await temporaryFolder();
    await exampleTrace(join(dir, "run"), {last: 2});
    const args = ["export", join(dir, "run"), "--format", format, "--out"];
    expect((await runCli([...args, join(dir, "x")])).status).toBe(0);
    const {process, end} = startCli([...args, "-"]);
    const pieces: Buffer[] = [];
    process.stdout!.on("data", (piece: Buffer) => pieces.push(piece));
    const {status, stderr} = await end;
    const bytes = Buffer.concat(pieces);
    expect([status, stderr]).toEqual([0, `${format}, ${bytes.length} bytes, partial: 2 of 4 steps\n`]);
    expect(bytes.equals(await readFile(join(dir, "x")))).toBe(true);
    expect((await readdir(dir)).sort()).toEqual(["run", "x"]);
  });

  it("say that a run is partial", async () => {
    const dir = await temporaryFolder();
    await exampleTrace(join(dir, "run"), {last: 2});
    const {status, stdout} = await runCli([
      "export",
      join(dir, "run"),
      "--format",
      "csv",
      "--out",
      join(dir, "x.csv"),
      "--tokens",
      "0,3",
      "--inits",
      "1",
      "--components",
      "0"
    ]);
    expect([status, stdout]).toEqual([
      0,
      `${join(dir, "x.csv")}: csv, ${(await stat(join(dir, "x.csv"))).size} bytes, partial: 2 of 4 steps\n`
    ]);
    expect((await readFile(join(dir, "x.csv"), "utf8")).trim().split("\r\n").length).toBe(1 + 3 * 2);
  });

  it.each([
    {args: ["export", "RUN", "--format", "csv"], status: 2, line: "required option '--out <path>' not specified"},
    {args: ["export", "RUN", "--out", "OUT"], status: 2, line: "required option '--format <name>' not specified"},
    {args: ["export", "RUN", "--format", "csv", "--out", "OUT", "--tokens", "9"], status: 2, line: "invalid token: 9; expected 0 to 4"},
    {
      args: ["export", "RUN", "--format", "npz", "--out", "OUT", "--site", "state"],
      status: 2,
      line: "invalid option for npz: site; it holds the whole run"
    },
    {
      args: ["export", "RUN", "--format", "parquet", "--out", "-"],
      status: 2,
      line: "invalid output for parquet: a pipe; expected a file, or one of npz, safetensors, csv"
    },
    {
      args: ["export", "RUN", "--format", "npz", "--out", "-", "--tokens", "1"],
      status: 2,
      line: "invalid option for npz: tokens; it holds the whole run"
    },
    {
      args: ["export", "RUN", "--format", "csv", "--out", "-", "--json"],
      status: 2,
      line: "invalid option for a pipe: --json; it takes the file alone"
    },
    {
      args: ["export", "RUN", "--format", "csv", "--out", "RUN"],
      status: 1,
      line: "invalid output: RUN is there already; expected a new name"
    },
    {args: ["import", "NOWHERE", "--out", "OUT"], status: 1, line: "no such file: NOWHERE"},
    {
      args: ["import", "RUN/trace.json", "--out", "OUT"],
      status: 1,
      line: "RUN/trace.json: an unknown kind of file; expected safetensors, .npy, .npz or Parquet"
    }
  ])("$args ends with $status and one line", async ({args, status, line}) => {
    const dir = await temporaryFolder();
    await exampleTrace(join(dir, "RUN"));
    const placed = (text: string): string => text.replace(/RUN|OUT|NOWHERE/g, (name) => join(dir, name));
    expect(await runCli(args.map(placed))).toEqual({status, stdout: "", stderr: `${placed(line)}\n`});
    expect(await readdir(dir)).toEqual(["RUN"]);
  });

  it.skipIf(!torch)("analyze opens what capture_trace.py wrote", async () => {
    const dir = join(await temporaryFolder(), "run");
    torch!(
      `import sys
sys.path[:0] = [sys.argv[1] + "/capture/torch", sys.argv[1] + "/tests/capture/torch"]
import torch, capture_trace, stand_in
torch.set_num_threads(1)
capture_trace.capture(stand_in.StandIn(sys.argv[1] + "/fixtures/golden/a_d32_h4_p2c4k2"), [5, 1, 27], sys.argv[2], texts=["a", "b", "c"], steps=32, inits=2)`,
      root,
      dir
    );
    const {status, stdout, stderr} = await runCli(["analyze", dir, "--json"]);
    expect([status, withoutProgress(stderr)]).toEqual([0, ""]);
    const {tokens} = patternsSchema.parse(JSON.parse(stdout));
    expect(tokens.map(({index, text, init}) => [init, index, text])).toEqual([
      [0, 0, "a"],
      [0, 1, "b"],
      [0, 2, "c"],
      [1, 0, "a"],
      [1, 1, "b"],
      [1, 2, "c"]
    ]);
  });
});
