import {once} from "node:events";
import {describe, expect, it, onTestFinished} from "vitest";
import {createChildPool, type ChildPool, type ChildPoolOptions} from "../../../capture/service/childPool.ts";
import {Refusal} from "../../../capture/trace/refusal.ts";
import type {TestOrder} from "../../support/orderProcess.ts";

function startPool(options: Partial<ChildPoolOptions> = {}): ChildPool<TestOrder, number, string> {
  const pool = createChildPool<TestOrder, number, string>(new URL("../../support/orderProcess.ts", import.meta.url), {
    name: "test process",
    ...options
  });
  onTestFinished(() => pool.close());
  return pool;
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe("createChildPool", () => {
  it("answers in one process that is kept, and tells news on the way", async () => {
    const pool = startPool();
    const news: string[] = [];
    expect(await pool.run({do: "echo", value: 3}, {onNews: (line) => news.push(line)})).toBe(3);
    const {pid} = pool;
    expect(await pool.run({do: "echo", value: 4})).toBe(4);
    expect([news, pool.pid]).toEqual([["doing echo"], pid]);
  });

  it("brings an error across with its kind, message and cause; a bug with its stack", async () => {
    const pool = startPool();
    await expect(pool.run({do: "refuse"})).rejects.toMatchObject({
      kind: "damaged",
      message: "missing tokens",
      cause: {message: "the cause"}
    });
    const bug = await pool.run({do: "bug"}).catch((error: Error) => error);
    expect(bug).not.toBeInstanceOf(Refusal);
    expect((bug as Error).stack).toContain("orderProcess.ts");
  });

  it("answers the next question after a process was killed while idle", async () => {
    const pool = startPool();
    for (let round = 0; round < 5; ++round) {
      expect(await pool.run({do: "echo", value: round})).toBe(round);
      process.kill(pool.pid!, "SIGKILL"); // and asked again before its end can be known
    }
    expect(await pool.run({do: "echo", value: 9})).toBe(9);
  });

  it("fails the order of a child that is killed in one line, and lives on", async () => {
    const pool = startPool();
    await expect(pool.run({do: "die"})).rejects.toMatchObject({kind: "killed", message: "the test process ended with SIGKILL"});
    expect(await pool.run({do: "echo", value: 1})).toBe(1);
  });

  it.each([
    ["an endless loop", {do: "spin"}],
    ["a pattern that backtracks", {do: "match", pattern: "^(a+)+$", text: `${"a".repeat(60)}!`}]
  ] as const)("ends %s at its deadline", async (_, order) => {
    const pool = startPool();
    await pool.run({do: "echo", value: 1});
    await expect(pool.run(order, {deadlineMs: 300})).rejects.toMatchObject({kind: "late", message: expect.stringMatching(/^too slow: /)});
    expect(await pool.run({do: "echo", value: 2})).toBe(2);
  });

  it.runIf(process.platform === "linux")("ends what takes more memory than it may", async () => {
    const pool = startPool();
    await expect(pool.run({do: "eat", bytes: 16 * 2 ** 20}, {memoryBytes: 400 * 2 ** 20})).rejects.toMatchObject({
      kind: "heavy",
      message: "too large: it takes more than the 400 MB of memory allowed for its size"
    });
  });

  it("a cancelled order ends at once without a grace time, and within it where the child listens", async () => {
    const pool = startPool();
    for (const graceMs of [undefined, () => 60_000]) {
      const abort = new AbortController();
      const left = pool.run({do: "wait", ms: 600_000}, {signal: abort.signal, graceMs, onNews: () => abort.abort(new Error("gone"))});
      await expect(left).rejects.toThrow(graceMs ? "left" : "gone");
    }
  });

  it("a waiting order that is cancelled does not wait for its turn", async () => {
    const pool = startPool();
    const long = pool.run({do: "wait", ms: 600_000}).catch((error: Error) => error.message);
    const abort = new AbortController();
    const waits = pool.run({do: "echo", value: 1}, {signal: abort.signal});
    abort.abort(new Error("gone"));
    await expect(waits).rejects.toThrow("gone");
    await pool.close();
    expect(await long).toBe("the server is closing");
  });

  it("a process for a single order ends with it", async () => {
    const pool = startPool({single: true});
    const pid = await pool.run({do: "wait", ms: 0});
    await expect.poll(() => isAlive(pid)).toBe(false);
  });

  it("a warm pool starts again what died", async () => {
    const pool = startPool();
    pool.warm();
    const first = pool.pid!;
    await pool.run({do: "echo", value: 1});
    process.kill(first, "SIGKILL");
    await expect.poll(() => pool.pid !== first).toBe(true);
    expect(await pool.run({do: "echo", value: 1})).toBe(1);
  });

  it("a child ends with its parent", async () => {
    const {spawn} = await import("node:child_process");
    const script = `
      import {createChildPool} from "${new URL("../../../capture/service/childPool.ts", import.meta.url).href}";
      const pool = createChildPool(new URL("${new URL("../../support/orderProcess.ts", import.meta.url).href}"), {name: "test"});
      await pool.run({do: "echo", value: 1});
      console.log(pool.pid);
      setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"]
    });
    const [line] = (await once(parent.stdout, "data")) as [Buffer];
    const pid = Number(line.toString());
    expect(isAlive(pid)).toBe(true);
    parent.kill("SIGKILL");
    await expect.poll(() => isAlive(pid)).toBe(false);
  });
});
