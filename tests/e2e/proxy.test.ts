import {describe, expect, it} from "vitest";
import {newToken, sharedToken} from "../../api/http/access/tokens.ts";
import {ANYONE} from "../../api/http/access/visitor.ts";
import type {ServerOptions} from "../../api/http/server.ts";
import {shippedRuns} from "../../api/models/shipped.ts";
import {chromiumPath, openPage, useBench} from "../support/browser.ts";
import {nginxPath, startNginx} from "../support/nginx.ts";
import {work} from "../support/pageWork.ts";
import {errorOf} from "../support/responses.ts";
import {startServer} from "../support/startServer.ts";

const PREFIX = "/user/kim/proxy/4040/";

/** How the proxy hands on, and what the server is told of it. */
const ways: readonly {name: string; at: string; server: (port: string) => string; options?: Partial<ServerOptions>}[] = [
  {name: "nginx's default headers: another Host", at: "/", server: (port) => `location / { proxy_pass http://127.0.0.1:${port}; }`},
  {
    name: "a prefix that is taken off, the Host kept",
    at: PREFIX,
    server: (port) => `location ${PREFIX} { proxy_pass http://127.0.0.1:${port}/; proxy_set_header Host $http_host; }`
  },
  {
    name: "a prefix that is taken off, another Host",
    at: PREFIX,
    server: (port) => `location ${PREFIX} { proxy_pass http://127.0.0.1:${port}/; proxy_http_version 1.1; gzip on; gzip_types *; }`
  },
  {
    name: "a prefix that is kept, with --base",
    at: PREFIX,
    server: (port) => `location ${PREFIX} { proxy_pass http://127.0.0.1:${port}; }`,
    options: {base: PREFIX}
  },
  {
    name: "a prefix that is kept, and told in a header",
    at: PREFIX,
    server: (port) => `location ${PREFIX} { proxy_pass http://127.0.0.1:${port}; proxy_set_header X-Forwarded-Prefix ${PREFIX}; }`
  }
];

describe.skipIf(!chromiumPath || !nginxPath)("the page behind a real nginx", () => {
  const bench = useBench();

  it.each(ways)("works with $name", async ({at, server: block, options}) => {
    const server = await startServer({page: bench.page, examples: shippedRuns, ...options});
    const port = await startNginx(block(new URL(server.url).port));
    await work(await openPage(bench.browser, `http://127.0.0.1:${port}${at}?runs`));
  });

  it("works with a token and a prefix, where the cookie is for the prefix alone", async () => {
    const token = newToken();
    const server = await startServer({page: bench.page, examples: shippedRuns, base: PREFIX, tokens: sharedToken(token, ANYONE)});
    const port = await startNginx(`location ${PREFIX} { proxy_pass http://127.0.0.1:${new URL(server.url).port}/; }`);
    const page = await openPage(bench.browser, `http://127.0.0.1:${port}${PREFIX}?token=${token}&runs`);
    await page.getByRole("link", {name: "A sum and a parity"}).waitFor();
    await expect.poll(() => page.url()).toBe(`http://127.0.0.1:${port}${PREFIX}?runs=`);
    expect(await page.context().cookies()).toMatchObject([{path: PREFIX, httpOnly: true, sameSite: "Strict"}]);
    await page.getByRole("link", {name: "A sum and a parity"}).click();
    await page.getByText("84 converging").waitFor();
  });

  it("names the option that would have helped, for a name it does not know", async () => {
    const server = await startServer({page: bench.page});
    const {port: own} = new URL(server.url);
    const kept = await startNginx(`location / { proxy_pass http://127.0.0.1:${own}; proxy_set_header Host lab.example.org; }`);
    expect(await errorOf(await fetch(`http://127.0.0.1:${kept}/api/runs`))).toEqual([
      403,
      "refused host: lab.example.org; one of 127.0.0.1, localhost, [::1]; --allow-host lab.example.org adds it"
    ]);
    const rewritten = await startNginx(`location / { proxy_pass http://127.0.0.1:${own}; }`);
    const headers = {origin: "http://lab.example.org:8080", "content-type": "application/json"};
    expect(await errorOf(await fetch(`http://127.0.0.1:${rewritten}/api/captures`, {method: "POST", headers, body: "{}"}))).toEqual([
      403,
      `refused origin: http://lab.example.org:8080; expected http://127.0.0.1:${own}; behind a proxy, --allow-host lab.example.org:8080 adds it`
    ]);
  });
});
