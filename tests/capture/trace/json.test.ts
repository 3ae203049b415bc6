import {describe, expect, it} from "vitest";
import {parseJson} from "../../../capture/trace/json.ts";

describe("parseJson", () => {
  it("parseJson reads what JSON.parse reads, behind a byte order mark too", () => {
    const text = '{"a":[1,"\\"{[:",{"b":null}],"__proto__":2}';
    expect(parseJson(text)).toEqual(JSON.parse(text));
    expect(parseJson(`\uFEFF${text}`)).toEqual(JSON.parse(text));
    expect(parseJson('"\\\\"')).toBe("\\");
  });

  it.each(["", "{", '{"a":1}}', '"open', "\uFEFF\uFEFF{}", '{"a\\', "]".repeat(9)])("parseJson says of %j that it is not JSON", (text) => {
    expect(() => parseJson(text, {uniqueNames: true})).toThrow(/^not JSON$/);
  });

  it("parseJson refuses 200,000 levels, of which brackets in texts are none", () => {
    expect(() => parseJson("[".repeat(200_000) + "]".repeat(200_000))).toThrow("nested deeper than 100 levels");
    expect(() => parseJson('{"a":'.repeat(200_000) + "1" + "}".repeat(200_000))).toThrow("nested deeper than 100 levels");
    expect(parseJson(JSON.stringify("[".repeat(200_000)))).toHaveLength(200_000);
    expect(parseJson("[".repeat(100) + "]".repeat(100))).toBeInstanceOf(Array);
  });

  it("parseJson refuses more parts than its caller expects", () => {
    expect(() => parseJson("[[],[],[]]", {maxParts: 3})).toThrow("more than 3 objects, lists and names");
    expect(parseJson("[1,2,3,4]", {maxParts: 1})).toEqual([1, 2, 3, 4]);
    expect(() => parseJson("[1,2,3,4]", {maxCommas: 2})).toThrow("more than 2 commas");
    expect(parseJson('["1,2,3,4",5]', {maxCommas: 1})).toEqual(["1,2,3,4", 5]);
  });

  it("parseJson refuses a name given twice where asked to, however it is written, and only within one object", () => {
    expect(parseJson('{"a":1,"a":2}')).toEqual({a: 2});
    expect(() => parseJson('{"a":1,"\\u0061":2}', {uniqueNames: true})).toThrow("the name a is given twice");
    expect(() => parseJson('{"x":{"b":1,"b":2}}', {uniqueNames: true})).toThrow("the name b is given twice");
    expect(parseJson('{"a":{"a":1},"b":{"a":"a"}}', {uniqueNames: true})).toEqual({a: {a: 1}, b: {a: "a"}});
  });
});
