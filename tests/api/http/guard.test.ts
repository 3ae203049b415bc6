import {writeFile} from "node:fs/promises";
import {hostname} from "node:os";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {rawStatus} from "../../support/responses.ts";
import {startServer} from "../../support/startServer.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

describe("the guard", () => {
  it.each([
    [{host: "evil.example"}, "refused host: evil.example; one of 127.0.0.1, localhost, [::1]"],
    [{host: "evil.example:4040"}, "refused host: evil.example:4040; one of"],
    [{host: "localhost.evil.example"}, "refused host"],
    [{host: "127.0.0.1:1", origin: "http://evil.example"}, "refused origin: http://evil.example; expected http://127.0.0.1:1"],
    [{host: "127.0.0.1:1", origin: "null"}, "refused origin: null"],
    [{host: "127.0.0.1:1", origin: "http://127.0.0.1:2"}, "refused origin: http://127.0.0.1:2"],
    [{host: "127.0.0.1:1", origin: "https://127.0.0.1:2", "sec-fetch-site": "same-site"}, "refused origin: https://127.0.0.1:2"],
    [{host: "127.0.0.1:1", origin: "http://evil.example", "sec-fetch-site": "same-origin"}, "refused origin: http://evil.example"],
    [{host: "127.0.0.1:1", origin: "http://127.0.0.1:1@evil.example"}, "refused origin: http://***@evil.example"],
    [{host: "127.0.0.1:1", origin: "file://127.0.0.1:1"}, "refused origin: file://127.0.0.1:1"],
    [{host: "127.0.0.1:1", "x-forwarded-host": "evil.example"}, "refused host: evil.example"],
    [{host: "127.0.0.1:1", "x-forwarded-host": "127.0.0.1:1, evil.example"}, "refused host: evil.example"],
    [{host: "192.168.1.5:4040"}, "refused host: 192.168.1.5:4040; one of 127.0.0.1, localhost, [::1]; --allow-host 192.168.1.5 adds it"],
    [{host: "user@localhost"}, "refused host: user@localhost"],
    [{host: "localhost/x"}, "refused host: localhost/x"],
    [{host: "localhost", "sec-fetch-site": "cross-site"}, "refused cross-site request"],
    [{host: "localhost", "sec-fetch-site": "same-site"}, "refused same-site request"]
  ] as readonly [Record<string, string>, string][])("refuses %o", async (headers, message) => {
    const {url} = await startServer();
    const [status, text] = await rawStatus(url, "/api/runs", headers);
    expect(status).toBe(403);
    expect((JSON.parse(text) as {error: string}).error.slice(0, message.length)).toBe(message);
  });

  it.each([
    [{host: "localhost:8080"}],
    [{host: "[::1]:4040"}],
    [{host: "[0:0:0:0:0:0:0:1]:4040"}],
    [{host: "LOCALHOST:4040", origin: "http://localhost:4040"}],
    [{host: "localhost."}],
    [{host: "127.0.0.1:4040", origin: "http://127.0.0.1:8080", "sec-fetch-site": "same-origin"}],
    [{host: "127.0.0.1:4040", "x-forwarded-host": "localhost:8080", origin: "http://localhost:8080"}],
    [{host: "localhost", origin: "https://localhost"}],
    [{host: "127.0.0.1:4040", origin: "http://127.0.0.1:4040", "sec-fetch-site": "same-origin"}],
    [{host: "localhost", "sec-fetch-site": "none"}]
  ] as readonly [Record<string, string>][])("lets %o pass", async (headers) => {
    const {url} = await startServer();
    expect((await rawStatus(url, "/api/runs", headers))[0]).toBe(200);
  });

  it.each(["/api/runs", "/API/runs", "/Api/Runs", "/assets/index.js"])(
    "refuses what another site asks for, however it is spelt: %s",
    async (path) => {
      const {url} = await startServer();
      for (const site of ["cross-site", "same-site"]) {
        const [status] = await rawStatus(url, path, {host: "localhost", "sec-fetch-site": site, "sec-fetch-mode": "no-cors"});
        expect(status).toBe(403);
      }
    }
  );

  it("lets somebody come by a link from anywhere, to the page alone", async () => {
    const page = await temporaryFolder();
    await writeFile(join(page, "index.html"), "<title>Orrery</title>");
    const {url} = await startServer({page});
    const visit = {host: "localhost", "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"};
    expect((await rawStatus(url, "/?run=a", visit))[0]).toBe(200);
    expect((await rawStatus(url, "/?run=a", {...visit, "sec-fetch-dest": "iframe"}))[0]).toBe(403);
    expect((await rawStatus(url, "/api/runs", visit))[0]).toBe(403);
  });

  it.each([
    [["lab.example.org"], "LAB.example.org:8080", 200],
    [["lab.example.org"], "other.example.org", 403],
    [["lab.example.org"], "lab.example.org.evil.example", 403],
    [["lab.example.org:8080"], "lab.example.org:8080", 200],
    [["lab.example.org:8080"], "lab.example.org:9", 403],
    [[".example.org"], "a.b.example.org", 200],
    [[".example.org"], "example.org", 403],
    [[".example.org"], "evilexample.org", 403],
    [["[FE80::1]"], "[fe80:0::1]:4040", 200]
  ] as const)("--allow-host %j: %s is answered with %i", async (hosts, host, status) => {
    const {url} = await startServer({hosts});
    expect((await rawStatus(url, "/api/runs", {host}))[0]).toBe(status);
    if (status === 200) expect((await rawStatus(url, "/api/runs", {host: "127.0.0.1", origin: `https://${host}`}))[0]).toBe(200);
  });

  it("knows a server that others reach by its numbers and its own name, and by no other", async () => {
    const {url} = await startServer({address: "0.0.0.0"});
    for (const host of ["10.0.0.7:4040", "[fe80::7]:4040", hostname(), `${hostname()}.local`, "localhost"])
      expect((await rawStatus(url, "/api/runs", {host}))[0]).toBe(200);
    expect((await rawStatus(url, "/api/runs", {host: "evil.example"}))[0]).toBe(403);
    expect((await rawStatus(url, "/api/runs", {host: "10.0.0.7", origin: "http://evil.example"}))[0]).toBe(403);
  });

  it("sends a policy with every answer that lets nothing in from elsewhere", async () => {
    const {get} = await startServer();
    for (const path of ["/", "/api/runs", "/api/nothing"]) {
      const {headers} = await get(path);
      expect(headers.get("content-security-policy")).toContain("default-src 'self'");
      expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("access-control-allow-origin")).toBeNull();
      expect(headers.get("x-powered-by")).toBeNull();
    }
  });
});
