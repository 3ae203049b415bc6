import {describe, expect, it} from "vitest";
import {addressOf, viewOf} from "../../../app/state/address.ts";
import {COLOURINGS, FITS, HEATS, PICTURES, type View} from "../../../app/state/view.ts";

const plain = viewOf("");

describe("addressOf and viewOf", () => {
  it.each([
    ["a run with tokens and a step", {run: "sum-and-parity", tokens: [3, 5], step: 17}, "?run=sum-and-parity&t=3,5&s=17"],
    ["no token at all", {run: "a", tokens: []}, "?run=a&t=none"],
    ["the list of runs", {page: "runs"}, "?runs"],
    ["components, counted from 1", {run: "a", picture: "plane", pair: [2, 5]}, "?run=a&pc=3-6"],
    ["a zoom", {run: "a", picture: "plane", zoom: [3.25, -1.5, 2e-7]}, "?run=a&z=3.25,-1.5,2e-7"],
    ["the plane", {run: "a", picture: "plane"}, "?run=a&pic=plane"],
    ["chosen tokens as ranges", {run: "a", tokens: [9, 3, 4, 5, 6, 1, 2]}, "?run=a&t=9,3-6,1,2"],
    ["how the room is shared", {run: "a", split: 40, maximised: "heat"}, "?run=a&split=40&max=heat"],
    ["a comparison", {run: "a", others: ["b", "c"]}, "?run=a&with=b,c"]
  ] as const)("addressOf(view) writes %s in short keys, and viewOf reads it back", (_, patch, address) => {
    const view: View = {...plain, ...patch};
    expect(addressOf(view)).toBe(address);
    expect(viewOf(address)).toEqual(view);
  });

  it("viewOf(addressOf(view)) is the view, for every picture, fit, colour and heat map", () => {
    for (const picture of PICTURES)
      for (const fit of FITS)
        for (const colour of COLOURINGS)
          for (const heat of HEATS) {
            const view: View = {...plain, run: "r", picture, fit, colour, heat, init: 0, site: "core.0.out", tokens: [0]};
            expect(viewOf(addressOf(view))).toEqual(view);
          }
  });

  it("addressOf of the default view is an empty query", () => expect(addressOf(plain)).toBe("?"));

  it.each([
    "t=a",
    "t=-1",
    "t=1.5",
    "t=5-3",
    "t=0-999999999",
    "split=99",
    "max=all",
    "s=-1",
    "s=1e9",
    "i=x",
    "pc=1-1",
    "pc=0-1",
    "pc=3-11",
    "pic=nonsense",
    "by=%00",
    "z=1,2",
    "z=0,1,1",
    "z=1e999,0,0",
    "z=a,b,c",
    "heat=",
    "fit=ALL"
  ])("viewOf leaves what makes no sense at its default: %s", (query) => {
    expect(viewOf(`?${query}`)).toEqual(plain);
  });

  it("viewOf takes a token named twice once", () => expect(viewOf("?t=2,2,1").tokens).toEqual([2, 1]));
});
