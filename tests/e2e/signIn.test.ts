import {writeFile} from "node:fs/promises";
import {basename, join} from "node:path";
import {describe, expect, it} from "vitest";
import {hashOf, newToken, sharedToken} from "../../api/http/access/tokens.ts";
import {usersBook} from "../../api/http/access/users.ts";
import {ANYONE} from "../../api/http/access/visitor.ts";
import {shippedRuns} from "../../api/models/shipped.ts";
import {exampleRun} from "../../fixtures/makeExampleRun.ts";
import {chromiumPath, openPage, useBench} from "../support/browser.ts";
import {startServer} from "../support/startServer.ts";
import {temporaryFolder} from "../support/temporaryFolder.ts";

const run = basename(exampleRun);

describe.skipIf(!chromiumPath)("a page with a token", () => {
  const bench = useBench();

  it("opens by the link, and stays open by the cookie; the token is gone from the address and no script reads it", async () => {
    const token = newToken();
    const {url} = await startServer({page: bench.page, examples: shippedRuns, tokens: sharedToken(token, ANYONE)});
    const page = await openPage(bench.browser, `${url}/?token=${token}&run=${run}`);
    await page.getByRole("heading", {name: "A sum and a parity"}).waitFor();
    await expect.poll(() => page.url()).toBe(`${url}/?run=${run}`);
    expect(await page.evaluate(() => document.cookie)).toBe("");
    await page.reload();
    await page.getByText("84 converging").waitFor();
  });

  it("asks for it where there is none, says when it is wrong, and lets in with the right one", async () => {
    const token = newToken();
    const {url} = await startServer({page: bench.page, examples: shippedRuns, tokens: sharedToken(token, ANYONE)});
    const page = await openPage(bench.browser, `${url}/?run=${run}`);
    await page.getByText("This server asks for a token.").waitFor();
    await page.getByLabel("Token").fill("not this one");
    await page.getByRole("button", {name: "Sign in"}).click();
    await page.getByText("This token is not known here.").waitFor();
    await page.getByLabel("Token").fill(token);
    await page.getByRole("button", {name: "Sign in"}).click();
    await page.getByRole("link", {name: "Runs"}).waitFor();
  });

  it("shows a guest everything, and nothing that changes anything", async () => {
    const [kim, guest] = [newToken(), newToken()];
    const users = join(await temporaryFolder(), "users.json");
    const write = (...names: string[]) =>
      writeFile(
        users,
        JSON.stringify({
          users: [
            {name: "kim", sha256: hashOf(kim)},
            {name: "guest", sha256: hashOf(guest), read_only: true}
          ].filter(({name}) => names.includes(name))
        })
      );
    await write("kim", "guest");
    const server = await startServer({page: bench.page, examples: shippedRuns, tokens: usersBook(users, () => {})});
    const headers = {authorization: `Bearer ${kim}`, "content-type": "application/json"};
    const body = JSON.stringify({model: "tiny-arithmetic", prompt: "1+2=", title: "kim's sum", inits: 1, steps: 4});
    const {run: made} = (await (await server.get("/api/captures", {method: "POST", headers, body})).json()) as {run: string};

    const page = await openPage(bench.browser, `${server.url}/?token=${guest}&runs`);
    await page.getByText("read only").waitFor();
    const row = page.getByRole("row", {name: "kim's sum"});
    await row.waitFor();
    expect(await row.innerText()).toContain("kim");
    for (const name of ["New capture", "Edit", "Delete"]) expect(await page.getByRole("button", {name}).count()).toBe(0);
    await page.keyboard.press("a");
    await page.getByText("Your token is read-only.").waitFor();
    await page.goto(`${server.url}/?run=${made}`);
    await page.getByRole("heading", {name: "kim's sum"}).waitFor();
    for (const name of ["Steer", "Capture again"]) expect(await page.getByRole("button", {name}).count()).toBe(0);
    await page.getByRole("button", {name: "Compare"}).waitFor();

    const own = await openPage(bench.browser, `${server.url}/?token=${kim}&runs`);
    await own.getByRole("button", {name: "Delete kim's sum"}).waitFor();
    await own.getByRole("button", {name: "Sign out"}).click();
    await own.getByText("This server asks for a token.").waitFor();
  });
});

describe.skipIf(!chromiumPath)("a tab that is older than the server", () => {
  const bench = useBench();

  it("says so, and a reload brings the new page", async () => {
    const {url} = await startServer({page: bench.page, examples: shippedRuns});
    const page = await openPage(bench.browser, `${url}/icon.svg`);
    await page.route(`${url}/api/info`, async (route) => {
      const info = (await (await route.fetch()).json()) as Record<string, unknown>;
      await route.fulfill({json: {...info, page: "index-newer.js"}});
    });
    await page.goto(`${url}/?run=${run}`);
    await page.getByText("The server has a newer page than this tab").waitFor();
    await page.unroute(`${url}/api/info`);
    await page.getByRole("button", {name: "Reload"}).click();
    await page.getByText("84 converging").waitFor();
    expect(await page.getByText("The server has a newer page").count()).toBe(0);
  });
});
