import {cp, mkdir, symlink, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {describe, expect, it} from "vitest";
import {modelListSchema} from "../../../api/contract/contract.ts";
import {runCli} from "../../support/runCli.ts";
import {startServer} from "../../support/startServer.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

const model = fileURLToPath(new URL("../../../fixtures/models/tiny-arithmetic", import.meta.url));

const LISTS = [
  ["an experiment", "experiments"],
  ["an evaluation", "evaluations"],
  ["a census", "censuses"],
  ["a training", "trainings"]
] as const;

const problem = (whose: string, name: string): string =>
  `invalid name of ${whose}'s folder: ${JSON.stringify(name)}; expected letters, digits, '.', '_' and '-', at most 128: rename it`;

describe("the folder of", () => {
  it.each(LISTS)("%s whose name no address can have is told in its list, and what is no folder is not", async (whose, list) => {
    const {get, runs} = await startServer();
    const root = join(runs, "..", list);
    await mkdir(join(root, "sums (2)"), {recursive: true});
    await mkdir(join(root, ".hidden (2)"));
    await writeFile(join(root, "notes (2).txt"), "");
    const {broken, [list]: found} = (await (await get(`/api/${list}`)).json()) as Record<string, unknown>;
    expect([found, broken]).toEqual([[], [{id: "sums (2)", error: problem(whose, "sums (2)")}]]);
  });

  it.each(LISTS)("%s that cannot be looked at is told, and not unknown", async (_, list) => {
    const {get, runs} = await startServer();
    const root = join(runs, "..", list);
    await mkdir(root, {recursive: true});
    await symlink("around", join(root, "around")); // a loop of links
    const {broken} = (await (await get(`/api/${list}`)).json()) as {broken: unknown};
    expect(broken).toEqual([{id: "around", error: expect.stringContaining("ELOOP")}]);
  });

  it("a model whose name no address can have is told where models are listed, and cannot be chosen", async () => {
    const models = join(await temporaryFolder(), "models");
    await cp(model, join(models, "tiny (2)"), {recursive: true});
    const {get, send} = await startServer({models: [models]});
    const list = modelListSchema.parse(await (await get("/api/models")).json());
    expect(list.models).toMatchObject([{name: "tiny (2)", family: null, error: problem("a model", "tiny (2)")}]);
    expect((await send("POST", "/api/models/tiny%20(2)/tokens", {prompt: "1"})).status).toBe(404);
    expect((await runCli(["models", "--models", models])).stdout).toContain(
      `tiny (2): cannot be used: ${problem("a model", "tiny (2)")}\n`
    );
  });
});
