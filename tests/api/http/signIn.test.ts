import {mkdir, rm, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {pino} from "pino";
import {describe, expect, it} from "vitest";
import {joined, newToken, sharedToken, type TokenBook} from "../../../api/http/access/tokens.ts";
import {ANYONE} from "../../../api/http/access/visitor.ts";
import {operations} from "../../../api/http/operations/operations.ts";
import {lab} from "../../support/lab.ts";
import {errorOf, rawStatus} from "../../support/responses.ts";
import {isOver, startServer} from "../../support/startServer.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

const TOKEN = newToken();
const tokens = sharedToken(TOKEN, ANYONE);

/** A page of one file, and the cookie that an answer sets, as a browser would send it back. */
async function smallPage(): Promise<string> {
  const page = await temporaryFolder();
  await writeFile(join(page, "index.html"), "<title>Orrery</title>");
  return page;
}
const cookieOf = (response: Response): string => response.headers.get("set-cookie")!.split(";")[0];
const bearer = (token: string) => ({headers: {authorization: `Bearer ${token}`}});
const form = (token: string) => ({method: "POST", redirect: "manual" as const, body: new URLSearchParams({token})});

describe("a server with a token", () => {
  it("answers nobody without one, on no address, but says how it is", async () => {
    const {get, send} = await startServer({tokens, page: await smallPage()});
    for (const {method, path} of operations.filter(({path}) => path !== "/api/health")) {
      const response = await send(method.toUpperCase(), path.replace(/\{\w+\}/g, "x"));
      expect([path, ...(await errorOf(response))]).toEqual([
        path,
        401,
        "missing token: open the link that `orrery serve` printed, or send `Authorization: Bearer TOKEN`"
      ]);
      expect(response.headers.get("www-authenticate")).toBe("Bearer");
    }
    for (const path of ["/icon.svg", "/index.html", "/nothing", "/API/runs"]) expect((await get(path)).status).toBe(401);
    const page = await get("/?run=a");
    expect([page.status, await page.text()]).toEqual([401, expect.stringContaining("This server asks for a token.")]);
    expect((await get("/api/health")).status).toBe(200);
  });

  it("lets in who opens its link, takes the token out of the address, and knows the browser from then on", async () => {
    const {get} = await startServer({tokens, page: await smallPage()});
    const opened = await get(`/?token=${TOKEN}&run=a&s=3`, {redirect: "manual"});
    expect([opened.status, opened.headers.get("location"), opened.headers.get("cache-control")]).toEqual([302, "./?run=a&s=3", "no-store"]);
    expect(opened.headers.get("referrer-policy")).toBe("same-origin");
    expect(opened.headers.get("set-cookie")).toMatch(/^orrery-[0-9a-f]{8}=[\w-]{32}; Max-Age=2592000; HttpOnly; SameSite=Strict$/);
    const headers = {cookie: `other=1; ${cookieOf(opened)}`};
    expect(await (await get("/?run=a", {headers})).text()).toBe("<title>Orrery</title>");
    expect((await get("/api/runs", {headers})).status).toBe(200);
  });

  it("puts the cookie below the prefix of a proxy, and marks it for TLS where the proxy speaks it", async () => {
    const {get} = await startServer({tokens, base: "/user/kim/proxy/4040/"});
    const headers = {"x-forwarded-proto": "https"};
    const opened = await get(`/user/kim/proxy/4040/?token=${TOKEN}`, {redirect: "manual", headers});
    expect(opened.headers.get("set-cookie")).toMatch(/; Path=\/user\/kim\/proxy\/4040\/; HttpOnly; Secure; SameSite=Strict$/);
  });

  it("takes it from a form, and from a program", async () => {
    const {get} = await startServer({tokens, page: await smallPage()});
    const sent = await get("/sign-in", form(` ${TOKEN}\n`));
    expect([sent.status, sent.headers.get("location")]).toEqual([303, "./"]);
    expect((await get("/api/runs", {headers: {cookie: cookieOf(sent)}})).status).toBe(200);
    expect((await get("/api/runs", bearer(TOKEN))).status).toBe(200);
    const out = await get("/sign-out", {method: "POST", redirect: "manual"});
    expect(out.headers.get("set-cookie")).toMatch(/^orrery-[0-9a-f]{8}=; Max-Age=0; HttpOnly; SameSite=Strict$/);
  });

  it.each([["another"], [""], [TOKEN.slice(0, -1)], [`${TOKEN}x`], [TOKEN.toUpperCase()]])("refuses %j", async (token) => {
    const {get} = await startServer({tokens, page: await smallPage()});
    expect((await get("/api/runs", bearer(token || "x"))).status).toBe(401);
    for (const response of [await get(`/?token=${token}`), await get("/sign-in", form(token))]) {
      expect([response.status, response.headers.get("set-cookie")]).toEqual([401, null]);
      expect(await response.text()).toContain("is not known here");
    }
    expect((await get("/api/runs", {headers: {cookie: `orrery-00000000=${TOKEN}; x=%zz`}})).status).toBe(401);
    expect((await get(`/api/runs?token=${TOKEN}`)).status).toBe(401); // a link opens the page; an address of the API would stay in logs
  });

  it("asks a browser that comes from another site once more, for only then it sends the cookie", async () => {
    const {url} = await startServer({tokens, page: await smallPage()});
    const headers = {host: "localhost", "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"};
    expect((await rawStatus(url, "/", headers))[1]).toContain('http-equiv="refresh"');
    expect((await rawStatus(url, "/", {...headers, "sec-fetch-site": "same-origin"}))[1]).toContain("This server asks for a token.");
  });

  it("writes no token to its log, in whatever way one comes", async () => {
    const lines: string[] = [];
    const log = pino({level: "trace"}, {write: (line) => void lines.push(line)});
    const {get} = await startServer({tokens, log, page: await smallPage()});
    for (const path of [
      `/?token=${TOKEN}`,
      `/?run=a&%74oken=${TOKEN}`,
      `/api/runs?token=${TOKEN}`,
      `/api/nothing?x=1&token=${TOKEN}`,
      `/x?token=${TOKEN}`
    ])
      await get(path, {redirect: "manual"});
    await get("/sign-in", form(TOKEN));
    await get("/api/runs", bearer(TOKEN));
    await get("/api/runs", {headers: {cookie: cookieOf(await get("/sign-in", form(TOKEN)))}});
    await expect.poll(() => lines.filter((line) => line.includes('"request"')).length).toBe(9);
    expect(lines.join("")).not.toContain(TOKEN);
    expect(JSON.parse(lines.find((line) => line.includes('"request"'))!)).toMatchObject({
      method: "GET",
      url: "/?token=%E2%80%A6",
      status: 302
    });
  });
});

const order = {model: "tiny-arithmetic", prompt: "1+2=", inits: 1, steps: 4};

describe("a server with users", () => {
  it("says whom it takes one for", async () => {
    const {kim, guest} = await lab();
    expect(await (await kim("GET", "/api/info")).json()).toMatchObject({visitor: {name: "kim", read_only: false}});
    expect(await (await guest("GET", "/api/info")).json()).toMatchObject({visitor: {name: "guest", read_only: true}});
  });

  it("shows who captured what, and keeps others from changing it", async () => {
    const {kim, lee} = await lab();
    const job = (await (await kim("POST", "/api/captures", order)).json()) as {id: string; run: string};
    expect(job).toMatchObject({owner: "kim"});
    await expect.poll(async () => isOver(await (await lee("GET", `/api/captures/${job.id}`)).json())).toBe(true);
    const {runs} = (await (await lee("GET", "/api/runs")).json()) as {runs: {id: string; owner: string | null}[]};
    expect(runs.map(({id, owner}) => [id, owner])).toEqual([[job.run, "kim"]]);
    for (const answer of [await lee("DELETE", `/api/runs/${job.run}`), await lee("PATCH", `/api/runs/${job.run}`, {title: "mine"})])
      expect(await errorOf(answer)).toEqual([403, `invalid run: ${job.run} is kim's`]);
    expect((await kim("PATCH", `/api/runs/${job.run}`, {title: "a sum"})).status).toBe(200);
    expect((await kim("DELETE", `/api/runs/${job.run}`)).status).toBe(204);
    expect(await errorOf(await lee("POST", `/api/runs/${job.run}/restore`))).toEqual([403, `invalid run: ${job.run} is kim's`]);
    expect((await kim("POST", `/api/runs/${job.run}/restore`)).status).toBe(200);
  });

  it("lets nobody cancel or move another's capture", async () => {
    const {kim, lee} = await lab();
    await kim("POST", "/api/captures", {...order, steps: 4096, inits: 64});
    const {id} = (await (await kim("POST", "/api/captures", order)).json()) as {id: string};
    expect(await errorOf(await lee("DELETE", `/api/captures/${id}`))).toEqual([403, `invalid capture: ${id} is kim's`]);
    expect(await errorOf(await lee("PATCH", `/api/captures/${id}`, {position: 1}))).toEqual([403, `invalid capture: ${id} is kim's`]);
    expect(await (await kim("DELETE", `/api/captures/${id}`)).json()).toMatchObject({status: "cancelled"});
  });

  it("lets a newcomer's capture go before another's second", async () => {
    const {kim, lee} = await lab();
    await kim("POST", "/api/captures", {...order, steps: 4096, inits: 64});
    for (let i = 0; i < 20; ++i) await kim("POST", "/api/captures", order);
    expect(await (await lee("POST", "/api/captures", order)).json()).toMatchObject({owner: "lee", position: 1});
  });

  it("lets a guest look at everything and change nothing", async () => {
    const {guest} = await lab();
    for (const {method, path} of operations) {
      if (path.endsWith("events")) continue;
      const response = await guest(method.toUpperCase(), path.replace(/\{\w+\}/g, "x"), method === "get" ? undefined : {});
      const isRead = method === "get" || path.startsWith("/api/models/");
      expect([method, path, response.status === 403]).toEqual([method, path, !isRead]);
      if (!isRead) expect(await response.json()).toEqual({error: `refused ${method.toUpperCase()}: your token is read-only`});
    }
  });

  it("follows its file: who is taken out is out, and a file that cannot be read lets in nobody", async () => {
    const {kim, lee, path, write} = await lab();
    expect((await kim("GET", "/api/info")).status).toBe(200);
    await write("lee");
    expect([(await kim("GET", "/api/info")).status, (await lee("GET", "/api/info")).status]).toEqual([401, 200]);
    await writeFile(path, "{");
    expect((await lee("GET", "/api/info")).status).toBe(503);
    await rm(path);
    expect((await lee("GET", "/api/info")).status).toBe(503);
  });
});

describe("a server whose people's file cannot be read", () => {
  const line = "the people's file of this server cannot be read, so that no token can be looked up; its log says why";

  it.each<[string, (path: string) => Promise<unknown>, string]>([
    ["gone", (path) => rm(path), "missing users file"],
    ["cut short", (path) => writeFile(path, '{"users": ['), "not JSON"],
    ["of another shape", (path) => writeFile(path, '{"users": [{"name": "kim"}]}'), "invalid users file"],
    ["a folder", async (path) => mkdir(path, {recursive: (await rm(path)) === undefined}), "not a file"]
  ])(
    "%s: whoever shows a token is told so with 503, the log why, once; strangers and health as ever, and it is over with the fault",
    async (_, spoil, why) => {
      const {server, path, kim, warned, write} = await lab();
      expect((await kim("GET", "/api/runs")).status).toBe(200);
      await spoil(path);
      for (const _ of [1, 2]) expect(await errorOf(await kim("GET", "/api/runs"))).toEqual([503, line]);
      expect(warned).toEqual([expect.stringContaining(why)]);
      expect([(await server.get("/api/runs")).status, (await server.get("/api/health")).status]).toEqual([401, 200]);
      await rm(path, {recursive: true, force: true});
      await write("kim");
      expect((await kim("GET", "/api/runs")).status).toBe(200);
    }
  );

  it("lets in whom another book knows", async () => {
    const broken: TokenBook = {visitorOf: () => Promise.reject(new Error("broken"))};
    const {get} = await startServer({tokens: joined([broken, tokens])});
    expect([(await get("/api/runs", bearer(TOKEN))).status, (await get("/api/runs", bearer("another"))).status]).toEqual([200, 500]);
  });
});

describe("a server with users and limits", () => {
  it("takes no more of one person's captures than they may have under way, and those of others all the same", async () => {
    const {kim, lee} = await lab({captures: 2});
    const long = {...order, steps: 4096, inits: 64};
    for (const expected of [202, 202, 429]) expect((await kim("POST", "/api/captures", long)).status).toBe(expected);
    expect(await errorOf(await kim("POST", "/api/captures", long))).toEqual([429, "too many captures: 2 of kim's run or wait; at most 2"]);
    expect((await lee("POST", "/api/captures", order)).status).toBe(202);
  });

  it("counts evaluations among experiments, and lets nobody cancel another's", async () => {
    const {kim, lee} = await lab({experiments: 1});
    const long = {model: "tiny-arithmetic", task: "arithmetic", steps: [4096]};
    const started = (await (await kim("POST", "/api/evaluations", long)).json()) as {id: string; owner: string};
    expect(started.owner).toBe("kim");
    expect(await errorOf(await kim("POST", "/api/evaluations", long))).toEqual([
      429,
      "too many experiments: 1 of kim's run or wait; at most 1"
    ]);
    const path = `/api/evaluations/${started.id}`;
    expect(await errorOf(await lee("DELETE", path))).toEqual([403, `invalid evaluation: ${started.id} is kim's`]);
    expect(await (await kim("DELETE", path)).json()).toMatchObject({status: "cancelled", owner: "kim"});
    expect((await lee("POST", `${path}/resume`)).status).toBe(403);
  });

  it("keeps one person's runs within their share of the disk, what is to come counted", async () => {
    const bytes = 5 * 1 * 4 * 96 * 4; // of the order's states: steps and the start, inits, tokens, width, float32
    const {kim, lee} = await lab({bytes: 3 * bytes});
    const made = (await (await kim("POST", "/api/captures", order)).json()) as {id: string; run: string};
    await expect.poll(async () => isOver(await (await kim("GET", `/api/captures/${made.id}`)).json())).toBe(true);
    const large = await errorOf(await kim("POST", "/api/captures", {...order, steps: 40}));
    expect(large).toEqual([507, expect.stringMatching(/^too little disk: kim's runs take \d+ bytes, and 62976 to come; at most 23040$/)]);
    expect((await lee("POST", "/api/captures", {...order, steps: 9})).status).toBe(202);
    expect((await kim("DELETE", `/api/runs/${made.run}`)).status).toBe(204);
    expect((await kim("POST", "/api/captures", {...order, steps: 9})).status).toBe(202);
  });
});
