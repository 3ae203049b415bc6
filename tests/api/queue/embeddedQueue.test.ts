import {readdir, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {z} from "zod";
import {createEmbeddedQueue, type EmbeddedQueue} from "../../../api/queue/embeddedQueue.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

const never = new AbortController().signal;
const ids = (queue: EmbeddedQueue<number, string>): string[] => queue.waiting().map(({id}) => id);

async function open(folder: string, wasBegun = false): Promise<{queue: EmbeddedQueue<number, string>; begun: string[]; lines: string[]}> {
  const queue = createEmbeddedQueue<number, string>(folder, z.number());
  const lines: string[] = [];
  const begun = await queue.restore(
    async () => wasBegun,
    (line) => lines.push(line)
  );
  return {queue, begun: begun.map(({id}) => id), lines};
}

describe("createEmbeddedQueue", () => {
  it("gives orders in turn, each to one, and waits for the next", async () => {
    const folder = await temporaryFolder();
    const {queue} = await open(folder);
    const early = queue.take(never);
    for (const [i, id] of ["a", "b", "c"].entries()) await queue.add({id, owner: null, order: i});
    expect((await early).id).toBe("a");
    const taken = await Promise.all([queue.take(never), queue.take(never)]);
    expect(taken.map(({id, order}) => [id, order])).toEqual([
      ["b", 1],
      ["c", 2]
    ]);
    await taken[0].finish("done");
    expect((await readdir(folder)).sort()).toEqual(["a.taken", "c.taken"]);
  });

  it("lets owners take turns, whoever has how many", async () => {
    const {queue} = await open(await temporaryFolder());
    for (const id of ["a1", "a2", "a3"]) await queue.add({id, owner: "ann", order: 0});
    await queue.add({id: "b1", owner: "bob", order: 0});
    expect(ids(queue)).toEqual(["a1", "b1", "a2", "a3"]);
    expect([await queue.move("a3", 1), ids(queue)]).toEqual([true, ["a3", "b1", "a1", "a2"]]);
    expect([await queue.move("nobody", 1), await queue.remove("nobody")]).toEqual([false, false]);
  });

  it("keeps line and places over a restart, and puts back what was taken and not begun", async () => {
    const folder = await temporaryFolder();
    const first = (await open(folder)).queue;
    await Promise.all(Array.from({length: 20}, (_, i) => first.add({id: `n${i}`, owner: i % 3 === 0 ? "ann" : null, order: i})));
    await first.move(ids(first)[7], 2);
    await first.remove(ids(first)[3]);
    const line = ids(first);
    await first.take(never);
    const again = await open(folder);
    expect([ids(again.queue), again.begun]).toEqual([line, []]);
    const taken = await again.queue.take(never);
    expect(taken.id).toBe(line[0]);
    const third = await open(folder, true); // by now it is more than an order
    expect([ids(third.queue), third.begun]).toEqual([line.slice(1), [line[0]]]);
    expect(await readdir(folder)).toHaveLength(line.length - 1);
  });

  it("release puts an order back at the head; take ends with the signal's reason", async () => {
    const {queue} = await open(await temporaryFolder());
    await queue.add({id: "a", owner: null, order: 1});
    await queue.add({id: "b", owner: null, order: 2});
    await (await queue.take(never)).release();
    expect(ids(queue)).toEqual(["a", "b"]);
    await queue.remove("a");
    await queue.remove("b");
    const abort = new AbortController();
    const waits = queue.take(abort.signal);
    abort.abort(new Error("closing"));
    await expect(waits).rejects.toThrow("closing");
  });

  it("one that comes while another is taken stands behind it, when it is released, and over a restart", async () => {
    const folder = await temporaryFolder();
    const {queue} = await open(folder);
    await queue.add({id: "z", owner: null, order: 1});
    const taken = await queue.take(never);
    await queue.add({id: "a", owner: null, order: 2});
    await taken.release();
    expect([ids(queue), ids((await open(folder)).queue)]).toEqual([
      ["z", "a"],
      ["z", "a"]
    ]);
  });

  it("leaves alone what is no order, and says so", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "half.json"), '{"owner": null, "ra');
    await writeFile(join(folder, "other.json"), '{"owner": null, "rank": 0, "order": "text"}');
    const {queue, lines} = await open(folder);
    expect([ids(queue), lines.length]).toEqual([[], 2]);
    expect(lines.join()).toContain("half.json: no order: ");
    expect((await readdir(folder)).sort()).toEqual(["half.json", "other.json"]);
  });
});
