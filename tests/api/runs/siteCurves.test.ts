import {expect, it} from "vitest";
import {measuredSite, siteCurves} from "../../../api/runs/siteCurves.ts";
import {steppedSite} from "../../../api/runs/siteRows.ts";
import {exampleTrace, size} from "../exchange/exampleTrace.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

const {steps, inits, tokens, width} = size;
const TOKEN_BYTES = 4 * (steps + 1) * inits * width;

it.each([1, 2, tokens])("measuredSite(site) gives every row once at its place, %i tokens at a time, and measures them", async (atOnce) => {
  const reader = await exampleTrace(await temporaryFolder());
  const site = await steppedSite(reader, "state");
  const whole = (await reader.readSite("state")).data;
  const {curves, blocks} = measuredSite(site, {most: atOnce * TOKEN_BYTES});
  const found = new Float32Array(whole.length);
  let rows = 0;
  for await (const {start, count, data} of blocks) {
    found.set(data, start * width);
    rows += count;
  }
  expect(rows).toBe((steps + 1) * inits * tokens);
  expect(found).toEqual(whole);
  expect(curves).toEqual(await siteCurves(site));
  await reader.close();
});
