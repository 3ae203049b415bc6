import {execFile, spawn} from "node:child_process";
import {once} from "node:events";
import {mkdir, readdir, readFile, utimes, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {setImmediate} from "node:timers/promises";
import {promisify} from "node:util";
import {describe, expect, it} from "vitest";
import {breakingName, holderOf, holdingLease, LEASE_MS, takeLease} from "../../../capture/trace/lease.ts";
import {lifeOf, ownerOfName, passingName, thisProcess} from "../../../capture/trace/processIdentity.ts";
import {createTrace, removeUnbegun} from "../../../capture/trace/writer.ts";
import {isBeingWritten, markWriter, WRITER_FILE} from "../../../capture/trace/writerMark.ts";
import {smallAnnouncement} from "../../support/smallTrace.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

const isLinux = process.platform === "linux";
const me = thisProcess();

async function leaseOf(holder: object, {secondsAgo = 0}: {secondsAgo?: number} = {}): Promise<string> {
  const path = join(await temporaryFolder(), "lease.json");
  await writeFile(path, JSON.stringify(holder));
  const then = new Date(Date.now() - secondsAgo * 1000);
  await utimes(path, then, then);
  return path;
}

it.skipIf(process.platform === "win32")("a pipe in a lease's place holds nothing, and keeps nobody waiting", async () => {
  const path = join(await temporaryFolder(), "lease.json");
  await promisify(execFile)("mkfifo", [path]);
  expect(await holderOf(path)).toBeUndefined();
  const lease = await takeLease(path, "in use");
  expect((await holderOf(path))!.pid).toBe(process.pid);
  await lease.release();
});

it("those who wait for a lease hold it one after another", async () => {
  const path = join(await temporaryFolder(), "lease.json");
  let inside = 0;
  const most = await Promise.all(
    [1, 2, 3].map(() =>
      holdingLease(path, "in use", async () => {
        const now = ++inside;
        await setImmediate();
        --inside;
        return now;
      })
    )
  );
  expect(most).toEqual([1, 1, 1]);
  const held = await takeLease(path, "in use");
  await expect(holdingLease(path, "in use", async () => 0, 0)).rejects.toThrow(/^in use: process \d+ on /);
  await held.release();
});

describe("lifeOf", () => {
  it("tells this process and one that is gone", async () => {
    expect(lifeOf(me)).toBe(isLinux ? "alive" : "elsewhere");
    const child = spawn(process.execPath, ["-e", ""]);
    await once(child, "exit");
    expect(lifeOf({...me, pid: child.pid!})).toBe("gone");
  });

  it.runIf(isLinux)("tells a number that is in use again by its start", () => {
    expect(lifeOf({...me, start: "1"})).toBe("gone");
  });

  it.runIf(isLinux)("cannot ask another machine or another container", () => {
    expect(lifeOf({...me, boot: "ffffffffffff"})).toBe("elsewhere");
    expect(lifeOf({...me, space: "1"})).toBe("elsewhere");
  });
});

describe("passingName", () => {
  it("says whose it is", () => {
    expect(ownerOfName(passingName())).toMatchObject({pid: me.pid, boot: me.boot, space: me.space, start: me.start});
    expect(passingName()).not.toBe(passingName());
    expect(ownerOfName("run")).toBeUndefined();
  });
});

describe("takeLease", () => {
  it("is had by one at a time, and by the next when it is released", async () => {
    const path = await leaseOf({});
    const lease = await takeLease(path, "in use");
    await expect(takeLease(path, "folder in use: x")).rejects.toThrow(
      new RegExp(`^folder in use: x: process ${process.pid} on .* holds it since 20`)
    );
    await lease.release();
    expect(await holderOf(path)).toBeUndefined();
    await (await takeLease(path, "in use")).release();
  });

  it("is had by exactly one of many that come at once, over a dead holder's file too", async () => {
    const dead = {...me, pid: 2 ** 22 + 1};
    for (const first of Array.from({length: 30}, (_, i) => [{}, dead][i % 2])) {
      const path = await leaseOf(first);
      if (first === dead) await writeFile(breakingName(path), JSON.stringify(dead)); // killed while it removed another's
      const taken = await Promise.allSettled(Array.from({length: 20}, () => takeLease(path, "in use")));
      expect(taken.filter(({status}) => status === "fulfilled")).toHaveLength(1);
      expect(await readdir(join(path, ".."))).toEqual(["lease.json"]);
    }
  });

  it.each([
    ["another machine", {...me, boot: "ffffffffffff", host: "elsewhere"}],
    ["another container", {...me, space: "1"}],
    ["a mark of the old kind, made elsewhere", {pid: 1, host: "another-machine"}],
    ["a mark of the old kind, its number in use again", {pid: process.pid, host: me.host}]
  ])("of %s holds while it is touched, and not after", async (_, holder) => {
    expect(await holderOf(await leaseOf(holder))).toMatchObject({pid: holder.pid});
    const old = await leaseOf(holder, {secondsAgo: LEASE_MS / 1000 + 1});
    expect(await holderOf(old)).toBeUndefined();
    await (await takeLease(old, "in use")).release();
  });

  it.runIf(isLinux)("of a process that can be asked holds however long it was not touched", async () => {
    expect(await holderOf(await leaseOf(me, {secondsAgo: 10 * 3600}))).toMatchObject({pid: me.pid});
    expect(await holderOf(await leaseOf({...me, start: "1"}))).toBeUndefined();
  });

  it("release leaves a file alone that somebody else made meanwhile", async () => {
    const path = await leaseOf({});
    const lease = await takeLease(path, "in use");
    await writeFile(path, JSON.stringify({pid: 1, host: "another-machine"}));
    await lease.release();
    expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject({pid: 1});
  });
});

describe("removeUnbegun", () => {
  it("removes what a dead process began and did not come to its trace.json, and nothing else", async () => {
    const dir = join(await temporaryFolder(), "run");
    await mkdir(dir);
    await writeFile(join(dir, WRITER_FILE), JSON.stringify({...me, pid: 2 ** 22 + 1}));
    await writeFile(join(dir, "states.safetensors"), "");
    await writeFile(join(dir, "notes.txt"), "mine");
    expect(await removeUnbegun(dir)).toBe(false);

    const begun = join(await temporaryFolder(), "run");
    await mkdir(begun);
    const lease = await markWriter(begun);
    expect([await isBeingWritten(begun), await removeUnbegun(begun)]).toEqual([true, false]);
    await lease.release();
    await writeFile(join(begun, WRITER_FILE), JSON.stringify({...me, pid: 2 ** 22 + 1}));
    await writeFile(join(begun, "states.safetensors.new"), "");
    const writer = await createTrace(begun, smallAnnouncement(), {states: [{name: "state", dtype: "F32", shape: [2, 3, 4], steps: 5}]});
    expect(writer.trace.steps_written).toBe(-1);
    await writer.stop("cancelled");
    expect((await readdir(begun)).sort()).toEqual(["states.safetensors", "trace.json"]);
  });

  it("two captures into one folder: one is refused in one line", async () => {
    for (let i = 0; i < 50; ++i) {
      const dir = join(await temporaryFolder(), "run");
      const make = () => createTrace(dir, smallAnnouncement(), {states: [{name: "state", dtype: "F32", shape: [2, 3, 4], steps: 5}]});
      const both = await Promise.allSettled([make(), make()]);
      expect(both.map(({status}) => status).sort()).toEqual(["fulfilled", "rejected"]);
      const writer = both.find((one) => one.status === "fulfilled")!.value;
      await writer.stop("seen"); // the other has taken nothing of it away
    }
  });
});
