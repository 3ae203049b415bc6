import {cp, mkdir, readFile, rm, truncate, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {HttpError, statusOf} from "../../../api/contract/httpError.ts";
import {diskFault, errorOf, faultOf, isDiskFault, Refusal} from "../../../capture/trace/refusal.ts";
import {TraceFormatError} from "../../../capture/trace/safetensorsHeader.ts";
import {exampleRun} from "../../../fixtures/makeExampleRun.ts";
import {useServer} from "../../support/startServer.ts";

const questions = [
  "metrics",
  "patterns",
  "labels",
  "spectrum",
  "projection",
  "projection?method=umap",
  "projection?with=whole",
  "difference?with=whole",
  "states",
  "readout?lens=logit",
  "report",
  "export?format=npz",
  "export?format=csv"
];

describe("a damaged run", () => {
  const context = useServer(
    () => ({}),
    async ({runs}) => {
      await mkdir(runs, {recursive: true});
      for (const name of ["whole", "cut", "gone", "header", "folder", "trace", "unread"])
        await cp(exampleRun, join(runs, name), {recursive: true, filter: (path) => !path.endsWith("analysis")});
      const statesOf = (name: string) => join(runs, name, "states.safetensors");
      await truncate(statesOf("cut"), 100_000);
      await rm(statesOf("gone"));
      await writeFile(statesOf("header"), "not one");
      await rm(join(runs, "unread", "readout.safetensors"));
      await rm(statesOf("folder"));
      await mkdir(statesOf("folder"));
      await writeFile(join(runs, "trace", "trace.json"), '{"schema": ');
    }
  );

  it.each([
    ["cut", /^\S+states\.safetensors: truncated/],
    ["gone", /^not a trace: .* has no states\.safetensors$/],
    ["header", /states\.safetensors: not a safetensors file: 7 bytes/],
    ["folder", /states\.safetensors: not a file; expected safetensors$/],
    ["trace", /^invalid .*trace\.json: not JSON$/]
  ])("(%s) is the same 422 through every route", async (run, message) => {
    const answers = [];
    for (const question of questions) {
      const response = await context.server.get(`/api/runs/${run}/${question}`);
      const body = (await response.json()) as {error: string};
      answers.push([
        question,
        response.status,
        response.headers.get("orrery-fault"),
        body.error.split("\n").length,
        message.test(body.error) ? "says it" : body.error
      ]);
    }
    expect(answers).toEqual(questions.map((question) => [question, 422, "damaged", 1, "says it"]));
  });

  it.each(["readout", "report", "export?format=npz", "export?format=csv"])(
    "whose readout is gone is a 422 through %s, and its states answer",
    async (question) => {
      const {status, headers} = await context.server.get(`/api/runs/unread/${question}`);
      expect([status, headers.get("orrery-fault")]).toEqual([422, "damaged"]);
      expect((await context.server.get("/api/runs/unread/metrics")).status).toBe(200);
    }
  );

  it("is compared with as any other: the whole one's answer is the damage of the other", async () => {
    for (const question of ["projection?with=gone", "difference?with=gone"]) {
      const response = await context.server.get(`/api/runs/whole/${question}`);
      expect([response.status, ((await response.json()) as {error: string}).error]).toEqual([
        422,
        expect.stringMatching(/has no states\.safetensors$/)
      ]);
    }
  });

  it("leaves the whole one as it is", async () => {
    for (const question of ["metrics", "patterns", "projection"])
      expect([question, (await context.server.get(`/api/runs/whole/${question}`)).status]).toEqual([question, 200]);
    expect((await readFile(join(context.server.runs, "whole", "trace.json"))).length).toBeGreaterThan(100);
  });
});

describe("faults", () => {
  it.each([
    [new Refusal("invalid step: 3; expected 0 to 2"), 400],
    [new TraceFormatError("missing tokens"), 422],
    [new HttpError(415, "invalid content type"), 415],
    [new Refusal("no space left on the device: /x", {kind: "full"}), 507],
    [new RangeError("Invalid array length"), 500],
    [new TypeError("x is not a function"), 500],
    ["text", 500]
  ])("statusOf(%s) is %i", (error, status) => {
    expect(statusOf(error)).toBe(status);
  });

  it("errorOf(faultOf(error)) crosses as plain data: kind, status, message, cause", () => {
    const error = new Refusal("invalid edit 1: unknown site", {kind: "invalid", cause: new Error("unknown site")});
    const crossed = errorOf(JSON.parse(JSON.stringify(faultOf(error))) as ReturnType<typeof faultOf>);
    expect(crossed).toMatchObject({kind: "invalid", message: error.message, cause: {message: "unknown site"}});
    expect(statusOf(crossed)).toBe(400);
    const bug = errorOf(faultOf(new TypeError("x is not a function")));
    expect([statusOf(bug), bug.message, bug instanceof Refusal]).toEqual([500, "x is not a function", false]);
    expect(bug.stack).toContain("refusals.test");
  });

  it.each([
    ["ENOSPC", "full", 507, "no space left on the device (ENOSPC): /runs/a"],
    ["EDQUOT", "full", 507, "the disk quota is used up (EDQUOT): /runs/a"],
    ["EIO", "storage", 500, "the device does not read or write (EIO): /runs/a"],
    ["EACCES", "storage", 500, "permission denied (EACCES): /runs/a"],
    ["EROFS", "storage", 500, "the file system is read-only (EROFS): /runs/a"]
  ])("a disk's %s is never a 400", (code, kind, status, message) => {
    const error = Object.assign(new Error(`${code}: something, write`), {code});
    const fault = diskFault(error, "/runs/a");
    expect(fault).toMatchObject({kind, message});
    expect(diskFault({...error, path: "/runs/a/.orrery~7~1~a~2~b/fresh/a"})).toMatchObject({kind, message}); // what passes is nobody's name
    expect([statusOf(fault), isDiskFault(error)]).toEqual([status, true]);
  });
});
