import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {notesSchema, type Note} from "../../../api/contract/contract.ts";
import {exampleRun} from "../../../fixtures/makeExampleRun.ts";
import {errorOf} from "../../support/responses.ts";
import {isOver, startServer} from "../../support/startServer.ts";

describe("notes on a run", () => {
  it("are kept beside it, one for each token and one for the run, stay with its title, and stand in its report as they were written", async () => {
    const {capture, until, get, send, runs} = await startServer();
    const {run} = await until(await capture({prompt: "48+37=", steps: 16}), isOver);
    const write = async (note: Note) => notesSchema.parse(await (await send("PUT", `/api/runs/${run}/notes`, note)).json()).notes;
    expect(notesSchema.parse(await (await get(`/api/runs/${run}/notes`)).json())).toEqual({notes: []});
    await write({token: 5, text: "first"});
    await write({token: 2, text: "<b>settles</b> late"});
    await send("PATCH", `/api/runs/${run}`, {title: "annotated"});
    expect(await write({token: null, text: "  for the paper "})).toEqual([
      {token: null, text: "for the paper"},
      {token: 2, text: "<b>settles</b> late"},
      {token: 5, text: "first"}
    ]);
    expect(await write({token: 5, text: ""})).toHaveLength(2);
    const view = "?t=3&s=12&pic=plane&heat=entropy&by=<u>";
    await write({token: null, view: "?t=1", text: "beside it"});
    await write({token: null, view, text: "seen <i>here</i>"});
    expect((await write({token: null, view: "?t=1", text: ""})).slice(2)).toEqual([{token: null, view, text: "seen <i>here</i>"}]);
    expect(JSON.parse(await readFile(join(runs, run, "card.json"), "utf8"))).toMatchObject({title: "annotated"});
    const report = await (await get(`/api/runs/${run}/report`)).text();
    expect(report).toContain("<h2>Notes</h2>");
    expect(report).toContain("&lt;b&gt;settles&lt;/b&gt; late");
    expect(report).not.toContain("<b>settles</b> late");
    expect(report).toContain("A view: token 3, step 12, PCA, coloured by &lt;u&gt;, heat map of entropy");
    expect(report).toContain("<code>?t=3&amp;s=12&amp;pic=plane&amp;heat=entropy&amp;by=&lt;u&gt;</code>");
    expect(report).toContain("seen &lt;i&gt;here&lt;/i&gt;");
  });

  it("that many write at once are all kept", async () => {
    const {capture, until, get, send} = await startServer();
    const {run} = await until(await capture({prompt: "48+37=", steps: 4}), isOver);
    await Promise.all([0, 1, 2, 3, 4, 5].map((token) => send("PUT", `/api/runs/${run}/notes`, {token, text: `note ${token}`})));
    expect(notesSchema.parse(await (await get(`/api/runs/${run}/notes`)).json()).notes).toHaveLength(6);
  });

  it("are refused for a token that is not there, for an example, and beyond their length", async () => {
    const {capture, until, send} = await startServer({examples: join(exampleRun, "..")});
    const {run} = await until(await capture({prompt: "1+2=", steps: 4}), isOver);
    const refusal = async (id: string, note: unknown) => errorOf(await send("PUT", `/api/runs/${id}/notes`, note));
    expect(await refusal(run, {token: 4, text: "x"})).toEqual([400, "invalid token: 4; expected 0 to 3"]);
    expect(await refusal("sum-and-parity", {token: 0, text: "x"})).toEqual([
      403,
      "invalid run: sum-and-parity is an example, which is read-only"
    ]);
    expect((await refusal(run, {token: 0, text: "x".repeat(4001)}))[0]).toBe(400);
    expect((await refusal(run, {token: -1, text: "x"}))[0]).toBe(400);
    for (const view of ["t=1", "?t=1 2", `?${"x".repeat(2000)}`]) expect((await refusal(run, {token: null, view, text: "x"}))[0]).toBe(400);
    expect((await refusal(run, {token: 1, view: "?t=1", text: "x"}))[0]).toBe(400);
  });
});
