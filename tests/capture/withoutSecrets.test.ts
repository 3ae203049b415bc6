import {describe, expect, it} from "vitest";
import {errorLine} from "../../capture/errorLine.ts";
import {shownAddress, withoutSecrets} from "../../capture/withoutSecrets.ts";

describe("shownAddress", () => {
  it.each([
    ["redis://lab:6379/1", "redis://lab:6379/1"],
    ["rediss://[::1]:6379", "rediss://[::1]:6379"],
    ["localhost", "localhost"],
    ["redis:///0", "redis:///0"],
    ["s3://bucket/a prefix", "s3://bucket/a prefix"]
  ])("leaves %s as it is, where there is nothing to hide", (address, shown) => expect(shownAddress(address)).toBe(shown));

  it.each([
    ["redis://kim:secret@lab:6379/1", "redis://***@lab:6379/1"],
    ["redis://secret@lab", "redis://***@lab"],
    ["redis://lab?password=secret", "redis://lab?***"],
    ["redis://lab#secret", "redis://lab?***"],
    ["reids://:se@cret@lab:6379", "reids://***@lab:6379"],
    ["redis:/kim:secret@lab", "redis:/***@lab"],
    ["redis://:sec/re?t#@lab", "redis://***@lab"],
    ["redis://:secret#lab:6379", "redis://***?***"],
    ["redis://kim:secret", "redis://***"],
    ["kim:secret@lab", "***@lab"],
    [":secret@lab\n", "***@***"],
    ["s3://key:secret@bucket/prefix", "s3://***@bucket/prefix"],
    ["", ""]
  ])("shows %s as %s", (address, shown) => expect(shownAddress(address)).toBe(shown));
});

describe("withoutSecrets", () => {
  it.each([
    ["connect redis://kim:se/cr@et@lab:1 failed", "connect redis://***@lab:1 failed"],
    ['{"a":"http://kim:secret@lab/x","b":"kim@lab"}', '{"a":"http://***@lab/x","b":"kim@lab"}'],
    ["see https://example.org/@kim/notes", "see https://example.org/@kim/notes"],
    ["/data/s3:/key:secret@bucket is no folder", "/data/s3:/***@bucket is no folder"]
  ])("%s", (text, shown) => expect(withoutSecrets(text)).toBe(shown));

  it("is what every line of an error goes through", () =>
    expect(errorLine(new Error("lost redis://:secret@lab"))).toBe("lost redis://***@lab"));
});
