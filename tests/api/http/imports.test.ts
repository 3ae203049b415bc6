import {readdir, readFile} from "node:fs/promises";
import {join} from "node:path";
import {Readable} from "node:stream";
import {describe, expect, it} from "vitest";
import {npyHeader} from "../../../api/exchange/npyHeader.ts";
import {importedSchema, runSchema} from "../../../api/contract/contract.ts";
import {createUploads} from "../../../api/runs/uploads.ts";
import {exampleRun} from "../../../fixtures/makeExampleRun.ts";
import {errorOf} from "../../support/responses.ts";
import {startServer, type RunningServer} from "../../support/startServer.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

const npy = (shape: readonly number[]): Uint8Array => {
  const data = Float32Array.from({length: shape.reduce((a, b) => a * b, 1)}, (_, i) => Math.sin(i));
  return Buffer.concat([npyHeader({dtype: "F32", shape}), new Uint8Array(data.buffer)]);
};
const put = ({get}: RunningServer, path: string, body: Uint8Array): Promise<Response> =>
  get(`/api/uploads/${path}`, {method: "PUT", headers: {"content-type": "application/octet-stream"}, body: body as BodyInit});

describe("what is made elsewhere", () => {
  it("becomes a run named after its file, with the axes that were said", async () => {
    const server = await startServer();
    expect((await put(server, "u1/my%20states%20(1).npy", npy([9, 3, 8]))).status).toBe(204);
    const answer = await server.send("POST", "/api/imports", {upload: "u1", file: "my states (1).npy", axes: ["step", "init", "width"]});
    expect(answer.status).toBe(201);
    const {runs} = importedSchema.parse(await answer.json());
    const {summary, trace} = runSchema.parse(await (await server.get(`/api/runs/${runs[0]}`)).json());
    expect(summary).toMatchObject({title: "my states (1)", inits: 3, tokens: 1, steps: 8});
    expect(trace.imported).toMatchObject({format: "npy", file: "my states (1).npy"});
  });

  it("a trace folder is the run that it was", async () => {
    const server = await startServer();
    for (const name of ["trace.json", "states.safetensors", "readout.safetensors"])
      expect((await put(server, `u2/${name}`, await readFile(join(exampleRun, name)))).status).toBe(204);
    const {runs} = importedSchema.parse(await (await server.send("POST", "/api/imports", {upload: "u2"})).json());
    const {summary} = runSchema.parse(await (await server.get(`/api/runs/${runs[0]}`)).json());
    expect(summary).toMatchObject({title: "A sum and a parity", inits: 4, status: "complete"});
  });

  it("what is no run is refused in one line, and nothing of it is kept", async () => {
    const server = await startServer();
    await put(server, "u3/x.npy", new Uint8Array([1, 2, 3]));
    const [status, error] = await errorOf(await server.send("POST", "/api/imports", {upload: "u3", file: "x.npy"}));
    expect(status).toBe(422); // damaged
    expect(error).toBe("x.npy: an unknown kind of file; expected safetensors, .npy, .npz or Parquet");
    expect(await (await server.get("/api/runs")).json()).toMatchObject({runs: []});
    expect(await errorOf(await server.send("POST", "/api/imports", {upload: "u3", file: "x.npy"}))).toEqual([404, "unknown upload: u3"]);
  });

  it("is kept where something has to be said first, and asked about", async () => {
    const server = await startServer();
    await put(server, "u8/a.npy", npy([9, 3, 8]));
    const ask = async (more: object) =>
      importedSchema.parse(await (await server.send("POST", "/api/imports", {upload: "u8", file: "a.npy", ask: true, ...more})).json());
    const {runs, unclear} = await ask({});
    expect([runs, unclear]).toEqual([[], expect.objectContaining({array: "state", shape: [9, 3, 8]})]);
    const answered = await ask({axes: ["step", "init", "width"]});
    expect([answered.runs.length, answered.unclear]).toEqual([1, undefined]);
    expect(await readdir(join(server.runs, ".uploads", "~"))).toEqual([]);
  });

  it("is imported once, whoever asks at once, and not before it is whole", async () => {
    const server = await startServer();
    await put(server, "u5/a.npy", npy([9, 3, 8]));
    const ask = async () => (await server.send("POST", "/api/imports", {upload: "u5", file: "a.npy"})).status;
    expect((await Promise.all([ask(), ask(), ask()])).sort()).toEqual([201, 404, 404]);
    const statuses = await Promise.all([
      put(server, "u6/a.npy", npy([900, 3, 80])),
      server.send("POST", "/api/imports", {upload: "u6", file: "a.npy"})
    ]);
    for (const {status} of statuses) expect([201, 204, 404, 409]).toContain(status);
  });

  it("is given up with who asked for it: nothing of the run is left", async () => {
    const server = await startServer();
    await put(server, "u7/a.npy", npy([3000, 8, 64]));
    const abort = new AbortController();
    const asked = fetch(`${server.url}/api/imports`, {
      method: "POST",
      signal: abort.signal,
      headers: {"content-type": "application/json"},
      body: JSON.stringify({upload: "u7", file: "a.npy"})
    }).catch(() => {});
    await expect.poll(async () => (await readdir(server.runs)).some((name) => name.startsWith(".orrery~"))).toBe(true);
    abort.abort();
    await asked;
    await expect
      .poll(async () => (await readdir(server.runs)).filter((name) => !name.startsWith(".") || name.startsWith(".orrery~")))
      .toEqual([]);
    await expect.poll(async () => readdir(join(server.runs, ".uploads", "~"))).toEqual([]);
  });

  it.each(["..%2fx/y.npy", "u/..%2f..%2fy", "u/.npy", "u/a%00b", "u/a%5cb", `u/${"a".repeat(256)}`])(
    "a name that is a path is refused: %s",
    async (path) => {
      const server = await startServer();
      expect((await put(server, path, new Uint8Array(1))).status).toBe(400);
    }
  );
});

it("an upload is never more than there may be, over all its files, and what was cut off is not left", async () => {
  const folder = await temporaryFolder();
  const uploads = createUploads(folder, {most: 10});
  const options = {now: new Date(), room: async () => Infinity};
  const [u, v] = ["u", "v"].map((upload) => ({owner: null, upload}));
  await uploads.write(u, "a", Readable.from([Buffer.alloc(6)]), options);
  await expect(uploads.write(u, "b", Readable.from([Buffer.alloc(3), Buffer.alloc(3)]), options)).rejects.toThrow(
    "upload too large: more than 10 bytes"
  );
  await expect(readFile(join(folder, "~", "u", "b"))).rejects.toThrow("ENOENT");
  await uploads.write(u, "b", Readable.from([Buffer.alloc(4)]), options);
  expect(await uploads.bytesOf(null)).toBe(10);
  await uploads.write(v, "c", Readable.from([Buffer.alloc(1)]), {...options, now: new Date(Date.now() + 48 * 3600 * 1000)});
  await expect(readFile(join(folder, "~", "u", "a"))).rejects.toThrow("ENOENT"); // given up two days ago
});
