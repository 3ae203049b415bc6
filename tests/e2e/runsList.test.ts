import {describe, expect, it} from "vitest";
import {runListSchema} from "../../api/contract/contract.ts";
import {chromiumPath, openPage, useBench} from "../support/browser.ts";
import {isOver, useServer} from "../support/startServer.ts";

describe.skipIf(!chromiumPath)("the list of runs", () => {
  const bench = useBench();
  const place = useServer(
    () => ({page: bench.page}),
    async ({capture, until}) => {
      for (const title of ["first", "second", "third"])
        await until(await capture({title, prompt: "a prompt\nof several\nlines=", steps: 16}), isOver);
    }
  );

  it("has a line and a curve for each run; several are selected with shift, compared, deleted, and brought back", async () => {
    const page = await openPage(bench.browser, `${place.server.url}/?runs`);
    await page
      .getByRole("img", {name: /^distance to the last state from/})
      .nth(2)
      .waitFor();
    const heights = await page.locator("tbody tr").evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().height));
    expect(Math.max(...heights)).toBeLessThan(50);
    await page.getByLabel("Select third").check();
    await page.getByLabel("Select first").click({modifiers: ["Shift"]});
    const bar = page.getByRole("group", {name: "Selected runs"});
    await bar.getByText(/^3 selected, /).waitFor();
    await page.getByLabel("Select second").uncheck();
    await bar.getByRole("button", {name: "Compare"}).click();
    await expect.poll(() => new URL(page.url()).searchParams.get("with")).toMatch(/first/);
    expect(new URL(page.url()).searchParams.get("run")).toMatch(/third/);
    await page.goBack();
    await page.getByLabel("Select all runs shown").check();
    await bar.getByRole("button", {name: "Delete"}).click();
    await page.getByText("No runs yet").waitFor();
    await page.getByRole("button", {name: "Undo"}).click();
    await expect.poll(() => page.locator("tbody tr").count()).toBe(3);
  });

  it("and the page of a run say what another window deleted, and brought back, once one comes to them", async () => {
    const {url, send, get} = place.server;
    const page = await openPage(bench.browser, `${url}/?runs`);
    const {runs} = runListSchema.parse(await (await get("/api/runs")).json());
    const {id} = runs.find(({title}) => title === "third")!;
    await page.getByRole("link", {name: "third"}).click();
    await page.locator(".run").waitFor();
    const come = () => page.evaluate(() => void dispatchEvent(new Event("focus")));
    await send("DELETE", `/api/runs/${id}`);
    await come();
    const deleted = page.getByText("This run was deleted, or moved.");
    await deleted.waitFor();
    await page.keyboard.press("u"); // a picture that was not asked for before
    const failed = page.getByText(`unknown run: ${id}`);
    await failed.first().waitFor();
    await send("POST", `/api/runs/${id}/restore`);
    await come();
    await deleted.waitFor({state: "detached"});
    await expect.poll(() => failed.count()).toBe(0); // what had failed is asked for again
    await send("DELETE", `/api/runs/${id}`);
    await come();
    await deleted.waitFor();
    await page.getByRole("button", {name: "All runs"}).click();
    await page.getByRole("navigation", {name: "Main"}).locator("[aria-current=page]").getByText("Runs").waitFor();
    await page.getByRole("link", {name: "second"}).waitFor();
    expect(await page.locator("tbody tr").count()).toBe(2);
    await send("POST", `/api/runs/${id}/restore`);
    await come();
    await page.getByRole("link", {name: "third"}).waitFor();
  });

  it("is looked through: every trajectory of a token in all runs, opened at that token", async () => {
    const page = await openPage(bench.browser, `${place.server.url}/?runs`);
    await page.getByRole("link", {name: "Search trajectories"}).click();
    const found = page.getByRole("region", {name: "Found trajectories"});
    await found.getByRole("status").getByText("0 in 3 runs").waitFor(); // orbits, to begin with
    await found.getByLabel("Label").selectOption("");
    await found.getByLabel("Token").fill("=");
    await expect.poll(() => found.locator("tbody tr").count()).toBe(3);
    await expect.poll(() => new URL(page.url()).searchParams.get("q")).toBe("text=%3D");
    await found.getByLabel("Period near").fill("-2");
    await found.getByText("period -2; expected a number above 0").waitFor();
    await found.getByLabel("Period near").fill("2");
    await found.getByText("No trajectory is like that.").waitFor();
    await found.getByLabel("Period near").fill("");
    await found.getByRole("link", {name: "“=”"}).first().click();
    await page.getByRole("heading", {level: 1, name: "third"}).waitFor();
    expect(new URL(page.url()).searchParams.get("t")).toBe("25");
  });

  it("has runs whose tokens carry notes, and whose states have neighbours", async () => {
    const page = await openPage(bench.browser, `${place.server.url}/?runs`);
    await page.getByRole("link", {name: "first"}).click();
    await page.getByText("Notes", {exact: true}).click();
    await page.getByLabel(/^On “=”, token 25/).fill("says nothing yet");
    await page.getByRole("button", {name: "Save", exact: true}).click();
    await page.getByText("Notes: 1").waitFor();
    await page.reload();
    await page.getByText("Notes: 1").click();
    expect(await page.getByLabel(/^On “=”, token 25/).inputValue()).toBe("says nothing yet");
    await page.goto(`${page.url().split("&")[0]}&t=25&s=3&pic=plane`);
    await page.getByText("Notes: 1").click();
    await page.getByLabel(/^On this view: token 25, step 3, PCA/).fill("where it turns");
    await page.getByRole("button", {name: "Save", exact: true}).click();
    await page.getByText("Notes: 2").waitFor();
    await page.getByRole("button", {name: "Take away the note on token 25, step 3, PCA"}).waitFor();
    await page.getByRole("button", {name: "One step back"}).click();
    await page.getByLabel(/^On this view: token 25, step 2/).waitFor();
    await page.getByRole("button", {name: "token 25, step 3, PCA", exact: true}).click();
    await page.getByLabel(/^On this view: token 25, step 3, PCA/).waitFor();
    await page.getByText("Nearest states of other trajectories").click();
    await page.getByRole("row").filter({hasText: /^“/}).first().getByRole("button").click();
    await expect.poll(() => new URL(page.url()).searchParams.get("t")).toMatch(/^\d+$/);
    await page.getByRole("button", {name: "“=” 25"}).first().waitFor(); // the note's token, from another one
  });
});
