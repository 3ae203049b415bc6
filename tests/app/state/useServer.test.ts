import {expect, it} from "vitest";
import type {Job} from "../../../api/contract/contract.ts";
import {withJob} from "../../../app/state/useServer.ts";

const job = (changes: Partial<Job>): Job => ({
  ...{id: "a", run: "a", title: "", owner: null, model: "tiny", status: "queued", step: -1, steps: 8, position: 1, seconds_left: null},
  ...{error: null, created: "2026-11-26T10:00:00.000Z", request: {} as Job["request"]},
  ...changes
});

it("an answer that comes after the event that a capture is over does not make it wait again", () => {
  const over = job({status: "complete", step: 8, position: null});
  expect(withJob([job({id: "b"}), over], job({}))).toEqual([job({id: "b"}), over]);
  expect(withJob([over], job({status: "failed", position: null}))).toEqual([job({status: "failed", position: null})]);
});

it("the same capture asked for again waits, and what is not over yet is as it was told last", () => {
  const again = job({created: "2026-11-26T10:00:01.000Z"});
  expect(withJob([job({status: "cancelled", position: null})], again)).toEqual([again]);
  expect(withJob([job({status: "running", step: 3})], job({status: "running", step: 4}))).toEqual([job({status: "running", step: 4})]);
  expect(withJob([], again)).toEqual([again]);
});
