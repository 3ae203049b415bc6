import {readdir, readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it, vi} from "vitest";
import {z} from "zod";
import {censusOfPrompts} from "../../../api/census/census.ts";
import {makeCensus, openCensus, summaryIn} from "../../../api/census/censusFolder.ts";
import {runCensus} from "../../../api/census/runCensus.ts";
import {censusOptions} from "../../../api/contract/censusSchemas.ts";
import {bytesAt, fetchFolder, namesAt, readBuckets, removeAt, replaceIn, sendFolder} from "../../../api/files/places.ts";
import {createModelKeeper} from "../../../capture/engine/modelKeeper.ts";
import {openTrace} from "../../../capture/trace/reader.ts";
import {runCli} from "../../support/runCli.ts";
import {hasS3Server, spawnS3Server, type S3Server} from "../../support/s3Server.ts";
import {shippedModel} from "../../support/shippedModel.ts";
import {temporaryFolder, useTemporaryFolder} from "../../support/temporaryFolder.ts";

it.each(["s3://", "s3://Lab/x", "s3://lab/../x"])("a bucket's address is not %s", async (address) => {
  await expect(replaceIn(address, "")).rejects.toThrow(`invalid bucket: ${address}; expected an address such as s3://bucket/prefix`);
});

it("an unreachable bucket is told in one line, with what was tried", async () => {
  const env = {AWS_ENDPOINT_URL: "http://127.0.0.1:1", AWS_ACCESS_KEY_ID: "lab", AWS_SECRET_ACCESS_KEY: "not-to-be-shown"};
  const {status, stderr} = await runCli(["analyze", "s3://lab/run"], {env});
  expect(status).toBe(1);
  expect(stderr).toBe("unreachable bucket: s3://lab at http://127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1\n");
});

it.skipIf(hasS3Server)("places in buckets need versitygw (go install github.com/versity/versitygw/cmd/versitygw@latest)", ({skip}) =>
  skip()
);

describe.skipIf(!hasS3Server)("a bucket", () => {
  const folder = useTemporaryFolder();
  const models = createModelKeeper();
  let server: S3Server;
  beforeAll(async () => {
    readBuckets();
    server = await spawnS3Server(join(folder.path, "data"), "lab");
    for (const [name, value] of Object.entries(server.env)) vi.stubEnv(name, value);
  });
  afterAll(async () => {
    await models.dispose();
    await server.kill();
  });

  it("holds files by name: put, listed, replaced, and removed with all that begins so", async () => {
    await replaceIn("s3://lab/a/one", "1");
    await replaceIn("s3://lab/a/b/two", "2");
    await replaceIn("s3://lab/a/one", "3");
    expect(await namesAt("s3://lab/a")).toEqual(["b", "one"]);
    expect(Buffer.from(await bytesAt("s3://lab/a/one")).toString()).toBe("3");
    await expect(bytesAt("s3://lab/a/none")).rejects.toMatchObject({code: "ENOENT"});
    await removeAt("s3://lab/a");
    expect(await namesAt("s3://lab")).toEqual([]);
  });

  it("passes folders on, and one that is another than was sent is refused", async () => {
    const from = await temporaryFolder();
    await writeFile(join(from, "large"), Buffer.alloc(6 * 2 ** 20, 7)); // in more than one part
    await writeFile(join(from, ".hidden"), "");
    const files = await sendFolder(from, "s3://lab/runs/one");
    expect(files.map(({name}) => name)).toEqual(["large"]);
    const to = join(await temporaryFolder(), "run");
    await fetchFolder("s3://lab/runs/one", to, files);
    expect((await readFile(join(to, "large"))).equals(await readFile(join(from, "large")))).toBe(true);
    await replaceIn("s3://lab/runs/one/large", "other");
    await expect(fetchFolder("s3://lab/runs/one", to, files)).rejects.toThrow("damaged file: s3://lab/runs/one/large is not what was sent");
  });

  async function censusAt(dir: string) {
    const prompts = ["\n1+2=", "\n30+4=", "\n5+6="];
    const options = z.object(censusOptions).parse({steps: 10, shard: 2, keep: {traces: 1, sample: 1, megabytes: 5}});
    const {manifest} = await censusOfPrompts(shippedModel, prompts, options);
    await makeCensus(dir, manifest, prompts);
    const engine = () => models.engineFor({model: shippedModel, engine: "onnx", dtype: "f32", device: "cpu"});
    return runCensus(await openCensus(dir), {model: shippedModel, engine});
  }

  it("holds a census with the bytes of a folder's, goes on after the server died, and its kept traces are read by range", async () => {
    const dir = join(await temporaryFolder(), "census");
    const summary = await censusAt(dir);
    await server.kill();
    await expect(censusAt("s3://lab/census")).rejects.toThrow(
      /^unreachable bucket: s3:\/\/lab\S* at http:\/\/127.0.0.1:\d+: connect ECONNREFUSED/
    );
    await server.start();
    expect(await censusAt("s3://lab/census")).toEqual(summary);
    expect(await summaryIn("s3://lab/census")).toEqual(summary);
    const names = await namesAt("s3://lab/census/rows");
    expect(names).toEqual(await readdir(join(dir, "rows")));
    for (const name of names)
      expect(Buffer.from(await bytesAt(`s3://lab/census/rows/${name}`)).equals(await readFile(join(dir, "rows", name)))).toBe(true);
    const kept = join("traces", summary.kept[0].trace);
    const [far, near] = [await openTrace(`s3://lab/census/${kept}`), await openTrace(join(dir, kept))];
    const slice = {steps: [3, 5] as const, tokens: [1]};
    expect(await far.readSite("state", slice)).toEqual(await near.readSite("state", slice));
    await near.close();
  }, 60_000);

  it("refuses wrong keys in one line that shows none", async () => {
    const env = {...server.env, AWS_SECRET_ACCESS_KEY: "quite-another"};
    const {status, stderr} = await runCli(["analyze", "s3://lab/census"], {env});
    expect(status).toBe(1);
    expect(stderr).toMatch(/^refused by bucket: s3:\/\/lab at http:\/\/127.0.0.1:\d+: SignatureDoesNotMatch: [^\n]*\n$/);
    expect(stderr).not.toMatch(/quite-another|not-to-be-shown/);
  });
});
