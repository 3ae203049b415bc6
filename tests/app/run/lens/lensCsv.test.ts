import {describe, expect, it} from "vitest";
import {lensCsv} from "../../../../app/run/lens/lensCsv.ts";
import type {LensReading} from "../../../../app/run/lens/useLens.ts";

// one init, two tokens, two steps, the two likeliest tokens of each state: ids 7 and 8, with probabilities 1/2 and 1/4
const words = new Map([
  [7, "a"],
  [8, ","]
]);
const field = (values: number[]) => ({steps: 2, inits: 1, tokens: 2, values});
const reading = (lens: "coda" | "logit"): LensReading => ({
  lens,
  readout: {
    steps: 2,
    inits: 1,
    tokens: 2,
    top: 2,
    ids: [7, 8, 7, 8, 8, 7, 8, 9],
    logProbabilities: Array(4)
      .fill([Math.log(0.5), Math.log(0.25)])
      .flat(),
    words
  },
  fields: {entropy: field([1, 2, 3, 4]), kl_prev: field([NaN, NaN, 0.5, 0.25])},
  readFrom: undefined
});

describe("lensCsv", () => {
  it("has a line for each step of the trajectory, the likeliest token first, and a number for one whose text is not known", () => {
    expect(lensCsv([reading("coda")], {init: 0, token: 1, text: "x"}).split("\n")).toEqual([
      "step,init,token,text,lens,entropy,kl_prev,kl_final,target_logprob,top1,top1_id,top1_p,top2,top2_id,top2_p",
      '0,0,1,x,coda,2,,,,a,7,0.5,",",8,0.25',
      '1,0,1,x,coda,4,0.25,,,",",8,0.5,#9,9,0.25',
      ""
    ]);
  });
  it("says which steps lie beyond the trained ones where these are known", () => {
    const lines = lensCsv([reading("coda")], {init: 0, token: 0, text: "x", trained: 0})
      .trim()
      .split("\n");
    expect(lines.map((line) => line.split(",")[4])).toEqual(["beyond_trained", "0", "1"]);
  });
  it("has the lenses one after the other", () => {
    const lines = lensCsv([reading("coda"), reading("logit")], {init: 0, token: 0, text: "x"})
      .trim()
      .split("\n");
    expect(lines.slice(1).map((line) => line.split(",").slice(0, 5).join())).toEqual([
      "0,0,0,x,coda",
      "1,0,0,x,coda",
      "0,0,0,x,logit",
      "1,0,0,x,logit"
    ]);
  });
});
