import {describe, expect, it} from "vitest";
import {fairPlace, movedAmongOwn, type Owner} from "../../../api/queue/fairPlace.ts";

describe("fairPlace", () => {
  it("puts what comes at the end where all are one person's", () => {
    expect(fairPlace([], [], null)).toBe(0);
    expect(fairPlace([null, null, null], [null], null)).toBe(3);
  });

  it("lets a newcomer wait for what runs, not for a hundred of another's", () => {
    const hundred = Array<Owner>(100).fill("kim");
    expect(fairPlace(hundred, ["kim"], "lee")).toBe(0);
    expect(fairPlace(hundred, [], "lee")).toBe(1);
  });

  it("takes turns, whatever the order they come in", () => {
    const queue: Owner[] = [];
    const come = (owner: Owner, count: number) => {
      for (let i = 0; i < count; ++i) queue.splice(fairPlace(queue, ["kim"], owner), 0, owner);
    };
    come("kim", 4);
    come("lee", 3);
    come("mo", 2);
    expect(queue).toEqual(["lee", "mo", "kim", "lee", "mo", "kim", "lee", "kim", "kim"]);
  });
});

describe("movedAmongOwn", () => {
  const ownerOf = (name: string): Owner => name[0];
  const move = (waiting: readonly string[], from: number, to: number) => movedAmongOwn(waiting, {from, to, ownerOf});

  it("moves to the place asked for where all are one person's", () => {
    expect(move(["a1", "a2", "a3"], 2, 0)).toEqual(["a3", "a1", "a2"]);
    expect(move(["a1", "a2", "a3"], 0, 1)).toEqual(["a2", "a1", "a3"]);
    expect(move(["a1", "a2", "a3"], 0, 2)).toEqual(["a2", "a3", "a1"]);
    expect(move(["a1", "a2", "a3"], 1, 99)).toEqual(["a1", "a3", "a2"]);
  });

  it("leaves everybody else's where they are", () => {
    expect(move(["a1", "b1", "a2", "b2", "a3"], 4, 0)).toEqual(["a3", "b1", "a1", "b2", "a2"]);
    expect(move(["a1", "b1", "a2"], 0, 1)).toEqual(["a1", "b1", "a2"]);
    expect(move(["a1", "b1", "a2"], 0, 2)).toEqual(["a2", "b1", "a1"]);
  });
});
