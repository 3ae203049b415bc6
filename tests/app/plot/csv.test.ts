import {describe, expect, it} from "vitest";
import {csvOf, quoted, tableCsv} from "../../../app/plot/csv.ts";

describe("csvOf", () => {
  it("writes a line per state with the token's text, and nothing for what is not defined", () => {
    const values = {steps: 2, inits: 1, tokens: 2, values: Float32Array.of(NaN, 0.5, 2, 1)};
    expect(csvOf({entropy: values}, ["a", "b,c"])).toBe(
      'step,init,token,text,entropy\n0,0,0,a,\n0,0,1,"b,c",0.5\n1,0,0,a,2\n1,0,1,"b,c",1\n'
    );
  });
  it("says which steps lie beyond the trained ones, where these are known, and takes the chosen tokens only", () => {
    const values = {steps: 3, inits: 1, tokens: 2, values: Float32Array.of(1, 2, 3, 4, 5, 6)};
    expect(csvOf({entropy: values}, ["a", "b"], {tokens: [1], trained: 1})).toBe(
      "step,init,token,text,beyond_trained,entropy\n0,0,1,b,0,2\n1,0,1,b,0,4\n2,0,1,b,1,6\n"
    );
  });
  it.each([
    ["a", "a"],
    ['say "x"', '"say ""x"""'],
    ["\n", '"\n"'],
    ["=1+2", `"'=1+2"`],
    ["+", `"'+"`]
  ])("quoted(%j) is %s: no token becomes a formula", (text, cell) => expect(quoted(text)).toBe(cell));
});

describe("tableCsv", () => {
  it("leaves what is not defined empty and quotes what needs it", () => {
    expect(
      tableCsv(
        ["a", "b,c"],
        [
          [1, "x"],
          [NaN, null],
          [undefined, true],
          [0.1 + 0.2, "=1"]
        ]
      )
    ).toBe(`a,"b,c"\n1,x\n,\n,true\n0.30000000000000004,"'=1"\n`);
  });
  it("is its header where there is no line", () => expect(tableCsv(["a"], [])).toBe("a\n"));
});
