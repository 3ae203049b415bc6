import {createServer, request as httpRequest, type Server} from "node:http";
import {connect, type AddressInfo} from "node:net";
import express from "express";
import {describe, expect, it, onTestFinished} from "vitest";
import {operations} from "../../../api/http/operations/operations.ts";
import {dropSlow, limitPatience} from "../../../api/http/patience.ts";
import {errorOf, rawStatus} from "../../support/responses.ts";
import {startServer} from "../../support/startServer.ts";

const json = {"content-type": "application/json"};
const LONGEST_LINE = 500; // characters of an error, whatever was sent

describe("hostile bodies", () => {
  it.each([
    ["no JSON", "{", 400, /JSON/],
    ["nothing", "", 400, /^[a-z]/],
    ["a text", '"x"', 400, /JSON/],
    ["a list", "[]", 400, /^invalid/],
    ["one that is too large", JSON.stringify({model: "m", prompt: "x".repeat(3e6)}), 413, /too large/],
    [
      "200,000 lists in one another",
      `{"model":${"[".repeat(200_000)}${"]".repeat(200_000)}}`,
      400,
      /^invalid body: nested more than 32 deep$/
    ],
    ["200,000 open brackets", "[".repeat(200_000), 400, /^invalid body: nested more than 32 deep$/],
    ["a prototype", '{"__proto__":{"model":"x"},"constructor":1}', 400, /^[a-z]/],
    ["a number beyond all", '{"model":"tiny-arithmetic","prompt":"1","steps":1e999}', 400, /^invalid steps/],
    ["bytes that are no UTF-8", Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), 400, /./]
  ] as readonly [string, string | Buffer, number, RegExp][])("%s is refused in one line", async (_, body, status, line) => {
    const {get} = await startServer();
    const [answered, error] = await errorOf(await get("/api/captures", {method: "POST", headers: json, body: body as BodyInit}));
    expect([answered, error]).toEqual([status, expect.stringMatching(line)]);
    expect(error.length).toBeLessThan(LONGEST_LINE);
    expect(error).not.toMatch(/\n/);
  });

  it.each(["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/jsonp", "text/json;x", ""])(
    "of another type are refused: %s",
    async (type) => {
      const {get} = await startServer();
      const response = await get("/api/captures", {method: "POST", headers: {"content-type": type}, body: "{}"});
      expect(response.status).toBe(415);
    }
  );
});

it("brackets in a text are no depth", async () => {
  const {send} = await startServer();
  const prompt = `"\\${"[".repeat(200)}`;
  expect((await send("POST", "/api/models/nothing/tokens", {prompt})).status).toBe(404);
});

describe("hostile addresses", () => {
  const ids = [
    "..%2f..%2fetc%2fpasswd",
    "%2e%2e",
    "%2e",
    "%00",
    "%zz",
    "%",
    "%c0%ae%c0%ae",
    "a%0d%0ab",
    "x".repeat(5000),
    "%F0%9F%92%A9",
    "con",
    "__proto__"
  ];

  it.each(ids)("are refused in one line by every operation: %s", async (id) => {
    const {url} = await startServer();
    for (const {method, path} of operations.filter(({path}) => path.includes("{"))) {
      const [status, text] = await sent(url, method.toUpperCase(), path.replace(/\{\w+\}/g, id));
      if (method === "put" && id === "con") continue; // a plain name is what an upload may be called
      expect([method, path, [400, 404].includes(status), text.length < LONGEST_LINE]).toEqual([method, path, true, true]);
      expect(JSON.parse(text)).toEqual({error: expect.stringMatching(/^[^\n]+$/)});
    }
  });

  it.each(["/%zz", "/..%2f..%2fpackage.json", "//etc/passwd", "/assets/..%2f..%2fpackage.json", "/.git/config", "/%00"])(
    "beside the page get no file: %s",
    async (path) => {
      const {url} = await startServer();
      const [status] = await rawStatus(url, path, {host: "localhost"});
      expect([400, 403, 404]).toContain(status);
    }
  );

  it.each([
    "site=a&site=b",
    "site[x]=1",
    "__proto__[x]=1",
    "from=1e400",
    "from=-1",
    "tokens=1,,2",
    `tokens=${"1,".repeat(20_000)}1`,
    "%zz=%zz",
    "unknown=1"
  ])("with a query that is none are refused: %s", async (query) => {
    const {get} = await startServer();
    for (const path of ["metrics", "projection", "states", "spectrum", "readout"]) {
      const response = await get(`/api/runs/nothing/${path}?${query}`);
      expect([path, [400, 404, 431].includes(response.status)]).toEqual([path, true]);
    }
  });

  it("headers that are too long are refused, and the server goes on", async () => {
    const {url, get} = await startServer();
    expect((await rawStatus(url, "/api/runs", {host: "localhost", cookie: "x".repeat(100_000)}))[0]).toBe(431);
    expect((await get("/api/runs")).status).toBe(200);
  });
});

describe("methods", () => {
  it("that an address does not take are told those that it takes", async () => {
    const {get} = await startServer();
    for (const [method, path, allow] of [
      ["PUT", "/api/runs/x", "GET, PATCH, DELETE"],
      ["DELETE", "/api/runs", "GET"],
      ["GET", "/api/models/x/tokens", "POST"],
      ["PROPFIND", "/api/captures", "POST, GET"]
    ]) {
      const response = await get(path, {method});
      expect([response.status, response.headers.get("allow")]).toEqual([405, allow]);
      expect(await response.json()).toEqual({error: `invalid method: ${method} ${path}; expected ${allow.replaceAll(", ", " or ")}`});
    }
  });

  it("HEAD answers as GET without a body, and ends where GET would go on", async () => {
    const {get} = await startServer();
    for (const path of ["/api/runs", "/api/events", "/api/info"]) {
      const response = await get(path, {method: "HEAD"});
      expect([path, response.status, await response.text()]).toEqual([path, 200, ""]);
    }
  });

  it("OPTIONS lets no other site in", async () => {
    const {get} = await startServer();
    const response = await get("/api/runs", {method: "OPTIONS"});
    expect([...response.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
    expect((await get("/api/runs", {method: "OPTIONS", headers: {origin: "http://evil.example"}})).status).toBe(403);
  });

  it("the API has one spelling", async () => {
    const {get} = await startServer();
    for (const path of ["/API/runs", "/Api/info", "/api/RUNS"]) expect((await get(path)).status).toBe(404);
  });
});

describe("slow and silent clients", () => {
  const patience = {headersMs: 100, requestMs: 200, stalledMs: 200};

  /** A server that is as impatient as told, and how long it takes until it hangs up on what was written. */
  async function impatient(answer: express.RequestHandler): Promise<{port: number; server: Server}> {
    const app = express().use(dropSlow(patience)).use(answer);
    const server = createServer({connectionsCheckingInterval: 20}, app);
    limitPatience(server, patience);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close().closeAllConnections());
    return {port: (server.address() as AddressInfo).port, server};
  }
  const hungUp = (port: number, text: string): Promise<string> =>
    new Promise((resolve) => {
      const socket = connect(port, "127.0.0.1", () => socket.write(text));
      let answer = "";
      socket.on("data", (chunk: Buffer) => (answer += chunk.toString()));
      socket.on("error", () => {});
      socket.on("close", () => resolve(answer));
    });

  it("are hung up on before they have said what they want, and while they send it", async () => {
    const {port} = await impatient((request, response) => void request.on("end", () => response.end("done")).resume());
    expect(await hungUp(port, "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")).toContain("408 Request Timeout");
    expect(await hungUp(port, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{")).toContain("408 Request Timeout");
  });

  it("that upload are waited for as long as they go on, and no longer", async () => {
    const {port} = await impatient((request, response) => void request.on("end", () => response.end("done")).resume());
    const socket = connect(port, "127.0.0.1", () => socket.write("PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n"));
    onTestFinished(() => void socket.destroy());
    let answer = "";
    socket.on("data", (chunk: Buffer) => (answer += chunk.toString()));
    const going = setInterval(() => socket.write("x"), 50);
    await new Promise((resolve) => setTimeout(resolve, 700)); // more than three times what another body may take
    expect(answer).toBe("");
    clearInterval(going);
    await expect.poll(() => answer).toContain("408 Request Timeout");
  });

  it("are hung up on when they take nothing of an answer", async () => {
    const {port, server} = await impatient((_request, response) => void response.end(Buffer.alloc(64 * 2 ** 20)));
    const socket = connect(port, "127.0.0.1", () => socket.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")).pause();
    onTestFinished(() => void socket.destroy());
    const open = () => new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count)));
    await expect.poll(open).toBe(1);
    await expect.poll(open).toBe(0);
  });

  it("are waited for while an answer is worked on", async () => {
    const {port} = await impatient((_request, response) => void setTimeout(() => response.end("late"), 600));
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe("late");
  });

  it("by the hundred do not keep others from being served", async () => {
    const {url, get} = await startServer();
    const sockets = Array.from({length: 300}, () => connect(Number(new URL(url).port), "127.0.0.1").on("error", () => {}));
    onTestFinished(() => sockets.forEach((socket) => socket.destroy()));
    await Promise.all(
      sockets.map((socket) => new Promise<void>((resolve) => socket.on("connect", () => socket.write("GET /api/ru", () => resolve()))))
    );
    for (let i = 0; i < 20; ++i) expect((await get("/api/runs")).status).toBe(200);
  });

  it("who leave in the middle of a body leave nothing behind", async () => {
    const {url, get} = await startServer();
    const {port} = new URL(url);
    for (let i = 0; i < 20; ++i)
      await new Promise<void>((resolve) => {
        const socket = connect(Number(port), "127.0.0.1", () => {
          socket.write(
            `POST /api/captures HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"a`,
            () => socket.destroy()
          );
        });
        socket.on("close", () => resolve());
      });
    expect((await get("/api/captures")).status).toBe(200);
  });
});

/** A request with any method and a path as it is. */
function sent(url: string, method: string, path: string): Promise<[number, string]> {
  const {hostname, port} = new URL(url);
  return new Promise((resolve, reject) => {
    const body = method === "GET" || method === "DELETE" ? "" : "{}";
    const headers = {host: "localhost", ...(body && {...json, "content-length": "2"})};
    httpRequest({hostname, port, path, method, headers}, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString())).on("end", () => resolve([response.statusCode!, text]));
    })
      .on("error", reject)
      .end(body);
  });
}
