import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import type {Page} from "playwright-core";
import {describe, expect, it} from "vitest";
import {npyHeader} from "../../api/exchange/npyHeader.ts";
import {exampleRun} from "../../fixtures/makeExampleRun.ts";
import {chromiumPath, openPage, useBench} from "../support/browser.ts";
import {useServer} from "../support/startServer.ts";

const examples = fileURLToPath(new URL("../../fixtures/runs", import.meta.url));

describe.skipIf(!chromiumPath)("who is new", () => {
  const bench = useBench();
  const place = useServer(
    () => ({page: bench.page, examples}),
    async () => undefined
  );
  const open = (query: string): Promise<Page> => openPage(bench.browser, `${place.server.url}/${query}`);

  it("goes to the next orbit with n, and finds a change of colours behind no Back", async () => {
    const page = await open("?run=clock-of-five&t=0");
    await page.locator(".verdict-head").waitFor();
    await page.locator(".findings button").first().waitFor(); // all labels are there
    await page.keyboard.press("n");
    await expect.poll(() => new URL(page.url()).searchParams.get("t")).toBe("6");
    await page.keyboard.press("1");
    await page.getByRole("button", {name: "Options"}).click();
    await page.getByLabel("colour", {exact: true}).selectOption("token");
    await expect.poll(() => new URL(page.url()).searchParams.get("by")).toBe("token");
    await page.goBack();
    await expect.poll(() => new URL(page.url()).searchParams.get("pic")).not.toBe("plane");
    expect(new URL(page.url()).searchParams.get("t")).toBe("6");
  });

  it("reads what a label means beside it, and why it is that one, as an argument with the drawing that shows it", async () => {
    const page = await open("?run=clock-of-five&t=6");
    const orbits = page.locator(".findings button").filter({hasText: "orbit"});
    await orbits.hover();
    const card = page.getByRole("tooltip");
    expect(await card.textContent()).toMatch(/^orbit The state comes back to where it was/);
    expect(await card.locator("svg").count()).toBe(1);
    await page.getByText("Why, and why not the others").click();
    const why = page.getByRole("region", {name: "Why orbit"});
    await why.locator("header svg").waitFor();
    expect(await why.getByRole("columnheader").allTextContents()).toEqual(["test", "value", "needed", "holds"]);
    const turns = why.getByRole("row", {name: /^turns seen/});
    expect(await turns.getByRole("cell").allTextContents()).toEqual([expect.stringMatching(/^\d+\.\d$/), "at least 3", "yes"]);
    const not = page.getByRole("region", {name: "Why not converging"});
    expect(await not.getByRole("cell", {name: "no", exact: true}).count()).toBeGreaterThan(0);
    await turns.getByText("see it").click();
    await page.getByText("Unrolled", {exact: true}).waitFor();
  });

  it("shares the room between the pictures by dragging and by keys; the link keeps it", async () => {
    const page = await open("?run=clock-of-five&t=6");
    const line = page.getByRole("separator", {name: "Width of the trajectories"});
    const share = (): Promise<number> => line.getAttribute("aria-valuenow").then(Number);
    const {x, y, width, height} = (await line.boundingBox())!;
    const before = await share();
    await page.mouse.move(x + width / 2, y + height / 2);
    await page.mouse.down();
    await page.mouse.move(x + 100, y + height / 2, {steps: 3});
    await page.mouse.up();
    expect(await share()).toBeGreaterThan(before + 5);
    await line.press("Home");
    const least = await share();
    await line.press("ArrowRight");
    expect(await share()).toBe(least + 4);
    await expect.poll(() => new URL(page.url()).searchParams.get("split")).toBe(String(least + 4));
    await page.reload();
    await expect.poll(share).toBe(least + 4);
    await line.dblclick();
    expect(await share()).toBe(before);
  });

  it("drops files anywhere: a trace's are a run, an array's axes are asked for", async () => {
    const page = await open("?methods");
    await page.getByRole("heading", {level: 1}).waitFor();
    const names = ["trace.json", "states.safetensors", "readout.safetensors"];
    await drop(page, await Promise.all(names.map(async (name) => ({name, bytes: await readFile(join(exampleRun, name))}))));
    await page.getByRole("button", {name: "Open", exact: true}).click();
    await page.getByRole("heading", {name: "A sum and a parity"}).waitFor();
    const shape = [12, 3, 8];
    const data = new Uint8Array(Float32Array.from({length: 12 * 3 * 8}, (_, i) => Math.cos(i)).buffer);
    await drop(page, [{name: "tokens 🪐 مدار.npy", bytes: Buffer.concat([npyHeader({dtype: "F32", shape}), data])}]);
    await page.getByRole("button", {name: "Open", exact: true}).click();
    await page.getByLabel("The file does not say what the axes").selectOption("step 12 × token 3 × width 8");
    await page.getByRole("button", {name: "Open", exact: true}).click();
    await page.getByRole("heading", {name: "tokens 🪐 مدار"}).waitFor();
    expect(await page.getByRole("button", {name: "Capture again"}).isDisabled()).toBe(true); // no model made it
  });

  it("reads how a GPU's states come here: lines for a shell and for a notebook", async () => {
    const page = await open("?runs");
    await page.getByRole("button", {name: "Open …"}).click();
    await page.getByText("From the GPU box to the page").click();
    for (const what of ["a shell", "a notebook"]) await page.getByRole("button", {name: `Copy the lines for ${what}`}).waitFor();
    await page.getByText("npm run -s orrery -- open runs/westphalia").waitFor();
  });
});

/** Drops files on the page as a file manager does. */
async function drop(page: Page, files: readonly {readonly name: string; readonly bytes: Uint8Array}[]): Promise<void> {
  const given = files.map(({name, bytes}) => ({name, base64: Buffer.from(bytes).toString("base64")}));
  await page.evaluate((all) => {
    const dropped = new DataTransfer();
    for (const {name, base64} of all)
      dropped.items.add(new File([Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))], name));
    document.body.dispatchEvent(new DragEvent("drop", {dataTransfer: dropped, bubbles: true, cancelable: true}));
  }, given);
}
