import {describe, expect, it} from "vitest";
import {rawStatus} from "../../support/responses.ts";
import {startServer} from "../../support/startServer.ts";

describe("the guard", () => {
  it.each([
    [{host: "evil.example"}, "refused host: evil.example; one of 127.0.0.1, localhost, [::1]"],
    [{host: "evil.example:4040"}, "refused host: evil.example:4040; one of"],
    [{host: "localhost.evil.example"}, "refused host"],
    [{host: "127.0.0.1:1", origin: "http://evil.example"}, "refused origin: http://evil.example; expected http://127.0.0.1:1"],
    [{host: "127.0.0.1:1", origin: "null"}, "refused origin: null"],
    [{host: "127.0.0.1:1", origin: "http://127.0.0.1:2"}, "refused origin: http://127.0.0.1:2"],
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
    [{host: "127.0.0.1:4040", origin: "http://127.0.0.1:4040", "sec-fetch-site": "same-origin"}],
    [{host: "localhost", "sec-fetch-site": "none"}]
  ] as readonly [Record<string, string>][])("lets %o pass", async (headers) => {
    const {url} = await startServer();
    expect((await rawStatus(url, "/api/runs", headers))[0]).toBe(200);
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
