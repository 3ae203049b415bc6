import {describe, expect, it} from "vitest";
import {errorLine} from "../../capture/errorLine.ts";
import {visible} from "../../capture/trace/visible.ts";

describe("errorLine", () => {
  it("errorLine is one line of the message", () => {
    expect(errorLine(new Error("first\n  second\r\nthird"))).toBe("first second third");
    expect(errorLine("")).toBe("unknown error");
  });

  it("errorLine cuts 300 kB to 300 characters, of which the last hundred are the end's", () => {
    const line = errorLine(new Error(`unknown tensor: ${"x".repeat(300_000)}; expected state`));
    expect(line).toHaveLength(300);
    expect(line).toMatch(/^unknown tensor: x+ … x+; expected state$/);
    expect(errorLine("y".repeat(300))).toBe("y".repeat(300));
  });

  it("errorLine writes out what a terminal would obey before it counts characters", () => {
    expect(errorLine(new Error("title \u001b]0;pwned\u0007 \u009b31m"))).toBe("title \\u001b]0;pwned\\u0007 \\u009b31m");
    expect(errorLine(new Error("\u001b".repeat(1000)))).toHaveLength(300);
  });
});

describe("visible", () => {
  it("visible writes out C0, DEL, C1 and marks of direction, and leaves every other text", () => {
    const bad = [...Array(0x20).keys(), ...Array.from({length: 0x21}, (_, i) => 0x7f + i), 0x202e, 0x2066, 0x2028].filter(
      (code) => code !== 9 && code !== 10
    );
    for (const code of bad) expect(visible(String.fromCharCode(code))).toBe(`\\u${code.toString(16).padStart(4, "0")}`);
    expect(visible("tab\tline\n é 数 🙂")).toBe("tab\tline\n é 数 🙂");
  });

  it("visible writes out what takes no room, by which two texts that differ look the same, and leaves joiners", () => {
    for (const code of [0xad, 0x200b, 0x2060, 0xfeff])
      expect(visible(String.fromCharCode(code))).toBe(`\\u${code.toString(16).padStart(4, "0")}`);
    expect(visible("\u{e0041}")).toBe("\\udb40\\udc41"); // a tag
    expect(visible("👩\u200d🔬 می\u200cروم")).toBe("👩\u200d🔬 می\u200cروم");
  });

  it("visible leaves a JSON document the same document", () => {
    const value = {text: "\u001b\u009b\u202e\u007f\n\u200b\u{e0041}", "\u0085": [1]};
    expect(JSON.parse(visible(JSON.stringify(value)))).toEqual(value);
  });
});
