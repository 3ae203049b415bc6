import {describe, expect, it} from "vitest";
import {withDeadline} from "../../../capture/model/withDeadline.ts";

describe("withDeadline", () => {
  it("gives what the work gives, and throws what it throws", () => {
    expect(withDeadline("work", 1000, () => 3)).toBe(3);
    expect(withDeadline("outer", 1000, () => withDeadline("inner", 1000, () => [1, 2]))).toEqual([1, 2]);
    expect(() =>
      withDeadline("work", 1000, () => {
        throw new TypeError("as it is");
      })
    ).toThrow(TypeError);
  });

  it("breaks off a loop and a pattern that backtracks, and the process goes on", () => {
    const endless = () => {
      for (;;);
    };
    expect(() => withDeadline("a loop", 100, endless)).toThrow("a loop came to no end within 0 s");
    expect(() => withDeadline("a pattern", 1000, () => /^(a+)+$/.test(`${"a".repeat(60)}!`))).toThrow(
      "a pattern came to no end within 1 s"
    );
    expect(withDeadline("work", 1000, () => "on")).toBe("on");
  });
});
