import {PassThrough} from "node:stream";
import {expect, it} from "vitest";
import {interimWords} from "../../../api/commands/interimNote.ts";
import {createProgress} from "../../../api/commands/progress.ts";

/** A stream that keeps what is written, and may pass for a terminal. */
function keptStream({isTTY}: {isTTY: boolean}): {stream: NodeJS.WriteStream; text: () => string} {
  const stream = Object.assign(new PassThrough(), {
    isTTY,
    columns: 100,
    cursorTo: () => true,
    clearLine: () => true,
    moveCursor: () => true
  });
  return {stream: stream as unknown as NodeJS.WriteStream, text: () => stream.read()?.toString() ?? ""};
}

it("createProgress draws a bar on a terminal", () => {
  const {stream, text} = keptStream({isTTY: true});
  const progress = createProgress("a sum", 64, {stream});
  progress.tell(16, 12.2);
  progress.end();
  expect(text()).toContain("step 0 of 64");
});

it("a census's line ends with its labels so far, said to be interim", () => {
  const counts = {converging: 350, orbit: 0, slider: 0, unsettled: 2};
  expect(interimWords({prompts: 32, of: 96, rows: 352, counts})).toBe("; interim labels of 32 prompts: 350 converging, 2 unsettled");
  expect(interimWords({prompts: 0, of: 96, rows: 0, counts: {}})).toBe("");
});

it("createProgress is silent elsewhere while little time has passed", () => {
  const {stream, text} = keptStream({isTTY: false});
  const progress = createProgress("a sum", 64, {stream});
  for (let step = 0; step <= 64; ++step) progress.tell(step, null);
  progress.end();
  expect(text()).toBe("");
});
