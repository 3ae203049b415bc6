import {expect, it} from "vitest";
import {z} from "zod";
import {createEmbeddedQueue} from "../../../api/queue/embeddedQueue.ts";
import {startLineWorker} from "../../../api/queue/lineWorker.ts";
import {freeWorkers} from "../../../api/queue/shared/freeWorkers.ts";
import {laneName, type Lane} from "../../../api/queue/shared/lanes.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

const lane = (model: string): Lane => ({hash: model.repeat(16), dtype: "f32", device: "cpu"});

it("freeWorkers(queue) lets as many begin as somebody is free for, in turns of their owners, past what nobody can do", async () => {
  const queue = createEmbeddedQueue<string, null>(await temporaryFolder(), z.string());
  await queue.restore(
    async () => false,
    () => {}
  );
  let workers = [{lanes: [laneName(lane("a"))]}];
  const room = freeWorkers({
    queue,
    workers: async () => workers,
    async laneOf({order}) {
      if (order === "?") throw new Error("unknown model");
      return lane(order);
    }
  });
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const line = startLineWorker(queue, {
    room,
    begun: (id) => void begun.push(id),
    run: ({id}) => new Promise<null>((resolve) => ends.set(id, () => resolve(null))),
    waitsAgain: () => false,
    over: () => {},
    cancelled: () => new Error("cancelled"),
    log: (text) => expect.unreachable(text)
  });
  const add = (id: string, owner: string, order: string) => queue.add({id, owner, order});
  await add("nobody has it", "kim", "b");
  for (const i of [1, 2, 3]) await add(`kim ${i}`, "kim", "a");
  await add("lee 1", "lee", "a");
  await add("of no model", "lee", "?");
  await expect.poll(() => begun).toEqual(["kim 1", "of no model"]);
  ends.get("kim 1")!();
  await expect.poll(() => begun).toEqual(["kim 1", "of no model", "lee 1"]);
  workers = [...workers, {lanes: [laneName(lane("a")), laneName(lane("b"))]}];
  await expect.poll(() => begun, {timeout: 5000}).toEqual(["kim 1", "of no model", "lee 1", "nobody has it", "kim 2"]);
  const closed = line.close();
  for (const end of ends.values()) end();
  await closed;
  room.close();
  expect(begun).toHaveLength(5);
});
