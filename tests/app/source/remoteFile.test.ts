import {describe, expect, it} from "vitest";
import {joined, remoteFile} from "../../../app/source/remoteFile.ts";

const MB = 2 ** 20;

/** A web server with one file, that gives parts of it or not. */
function host(bytes: Uint8Array, {ranges}: {readonly ranges: boolean}) {
  const asked: string[] = [];
  const fetch = (async (_url: string, init: RequestInit) => {
    const range = (init.headers as Record<string, string>).range;
    asked.push(range);
    const [, begin, last] = /^bytes=(\d+)-(\d+)$/.exec(range)!.map(Number);
    if (!ranges) return new Response(new Uint8Array(bytes), {status: 200});
    const part = bytes.slice(begin, last + 1);
    return new Response(part, {status: 206, headers: {"content-range": `bytes ${begin}-${begin + part.length - 1}/${bytes.length}`}});
  }) as unknown as typeof globalThis.fetch;
  return {asked, file: remoteFile("./states.safetensors?v=1", {fetch})};
}

const numbered = (length: number): Uint8Array => Uint8Array.from({length}, (_, i) => (i * 7) % 251);

describe("remoteFile", () => {
  it("reads parts of a large file, near ones together and those of its beginning from what it has", async () => {
    const bytes = numbered(3 * MB);
    const {asked, file} = host(bytes, {ranges: true});
    const spans = [
      {begin: 0, end: 8},
      {begin: MB, end: MB + 16},
      {begin: MB + 100, end: MB + 116},
      {begin: 2 * MB, end: 2 * MB + 1}
    ];
    const read = await file.read(spans);
    expect(read.map((part) => [...part])).toEqual(spans.map(({begin, end}) => [...bytes.subarray(begin, end)]));
    expect(asked).toEqual(["bytes=0-262143", `bytes=${MB}-${MB + 115}`, `bytes=${2 * MB}-${2 * MB}`]);
  });

  it("asks once for a small file, and once for any where the server gives no parts", async () => {
    for (const [length, ranges] of [
      [1000, true],
      [3 * MB, false]
    ] as const) {
      const bytes = numbered(length);
      const {asked, file} = host(bytes, {ranges});
      const span = {begin: length - 10, end: length};
      const [[first], [second]] = await Promise.all([file.read([span]), file.read([span])]);
      expect([...first]).toEqual([...bytes.subarray(length - 10)]);
      expect([...second]).toEqual([...first]);
      expect(asked).toHaveLength(1);
    }
  });

  it("says in a line that a file ends too early, and what a server refuses; and asks again the next time", async () => {
    await expect(host(numbered(100), {ranges: true}).file.read([{begin: 90, end: 101}])).rejects.toThrow(
      "truncated file: states.safetensors ends before byte 101, which its header promises"
    );
    let answers = 0;
    const fetch = (async () => {
      answers += 1;
      return answers === 1 ? new Response("gone", {status: 404, statusText: "Not Found"}) : new Response(new Uint8Array(numbered(9)));
    }) as typeof globalThis.fetch;
    const file = remoteFile("x", {fetch});
    await expect(file.read([{begin: 0, end: 1}])).rejects.toThrow("404 Not Found");
    expect((await file.read([{begin: 8, end: 9}]))[0][0]).toBe(56);
  });

  it("refuses a file that is too large to be held whole", async () => {
    const fetch = (async () => new Response("x", {headers: {"content-length": String(600 * 2 ** 20)}})) as typeof globalThis.fetch;
    await expect(remoteFile("x", {fetch}).read([{begin: 0, end: 1}])).rejects.toThrow(
      /has 629 MB, and this server gives no parts of a file; at most 537 MB/
    );
  });
});

it("joined(spans) orders them and closes small gaps only", () => {
  const spans = [
    {begin: 100_000, end: 100_010},
    {begin: 0, end: 10},
    {begin: 20, end: 30},
    {begin: 25, end: 28}
  ];
  expect(joined(spans)).toEqual([
    {begin: 0, end: 30},
    {begin: 100_000, end: 100_010}
  ]);
});
