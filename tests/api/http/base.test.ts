import {writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {baseOf} from "../../../api/http/access/base.ts";
import {errorOf} from "../../support/responses.ts";
import {startServer} from "../../support/startServer.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

describe("a page below a prefix", () => {
  const PREFIX = "/user/kim/proxy/4040/";

  async function served(options: {base?: string}) {
    const page = await temporaryFolder();
    await writeFile(join(page, "index.html"), "<title>Orrery</title>");
    return startServer({page, ...options});
  }

  it("is there with the prefix and without, as proxies keep it or take it off", async () => {
    const {get} = await served({base: PREFIX});
    for (const at of [PREFIX, "/"]) {
      expect(await (await get(`${at}?run=a`)).text()).toBe("<title>Orrery</title>");
      expect((await get(`${at}api/runs`)).status).toBe(200);
    }
    const bare = await get(`${PREFIX.slice(0, -1)}?run=a`, {redirect: "manual"});
    expect([bare.status, bare.headers.get("location")]).toEqual([308, `${PREFIX}?run=a`]);
    expect((await get("/user/kim/proxy/4041/api/runs")).status).toBe(404);
  });

  it.each(["x-forwarded-prefix", "x-forwarded-context", "x-script-name"])("is found where a proxy tells it: %s", async (name) => {
    const {get} = await served({});
    expect((await get(`${PREFIX}api/runs`, {headers: {[name]: PREFIX.slice(0, -1)}})).status).toBe(200);
    expect((await get("/api/runs", {headers: {[name]: PREFIX.slice(0, -1)}})).status).toBe(200);
  });

  it.each([
    ["/user/kim%40lab/proxy/4040/", "/user/kim@lab/proxy/4040/"],
    ["/user/kim@lab/proxy/4040", "/user/kim%40lab/proxy/4040/"],
    ["/a%20b/", "/a%20b/"]
  ])("is found however it is escaped: --base %s, asked for as %s", async (said, asked) => {
    const {get} = await served({base: baseOf(said)});
    expect((await get(`${asked}api/runs`)).status).toBe(200);
    const bare = await get(`${asked.slice(0, -1)}?run=a`, {redirect: "manual"});
    expect([bare.status, bare.headers.get("location")]).toEqual([308, `${asked}?run=a`]);
  });

  it.each([
    ["jupyter-server-proxy", "/user/kim/proxy/absolute/4040/", {}],
    [
      "jupyter-server-proxy that takes it off",
      "/",
      {"x-forwarded-context": "/user/kim/proxy/4040", "x-proxycontextpath": "/user/kim/proxy/4040"}
    ],
    ["code-server", "/absproxy/4040/", {}],
    ["VS Code's and code-server's that take it off", "/", {"x-forwarded-proto": "https"}]
  ])("is served behind %s, all that the page asks for", async (_, at, headers) => {
    const {get} = await served(at === "/" ? {} : {base: at});
    for (const path of ["", "api/runs", "api/info", "api/models", "api/captures"])
      expect((await get(`${at}${path}`, {headers})).status, path).toBe(200);
    expect((await get(`${at}api/events`, {method: "HEAD", headers})).headers.get("content-type")).toMatch(/^text\/event-stream/);
  });

  it("names the option where nobody told it", async () => {
    const {get} = await served({});
    expect(await errorOf(await get(PREFIX))).toEqual([
      404,
      `unknown address: GET ${PREFIX}; the page is at /, or below a proxy's prefix with --base PREFIX`
    ]);
  });

  it.each(["//evil.example", "/a//b", "/a;Path=/", "/a b", "http://evil.example/"])(
    "takes no harm from a header that is no prefix: %s",
    async (value) => {
      const {get} = await served({});
      const response = await get(value.startsWith("/") ? "/evil.example" : "/", {
        headers: {"x-forwarded-prefix": value},
        redirect: "manual"
      });
      expect(response.headers.get("location")).toBeNull();
    }
  );
});

describe("baseOf", () => {
  it("has a slash at both ends", () => {
    expect(baseOf("/")).toBe("/");
    expect(baseOf("/a/b")).toBe("/a/b/");
    expect(baseOf("/a/b/")).toBe("/a/b/");
  });

  it.each(["", "a", "//a", "/a//", "/a?b", "/a b/"])("refuses %j", (path) => {
    expect(() => baseOf(path)).toThrow(`invalid base: ${path}; expected a path such as /user/kim/proxy/4040/`);
  });
});
