import {copyFile, readFile} from "node:fs/promises";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import type {Locator, Page} from "playwright-core";
import {describe, expect, it} from "vitest";
import {writeRandomCheckpoint} from "../../fixtures/randomCheckpoint.ts";
import {chromiumPath, openPage, useBench} from "../support/browser.ts";
import {shippedModel} from "../support/shippedModel.ts";
import {isOver, useServer} from "../support/startServer.ts";
import {useTemporaryFolder} from "../support/temporaryFolder.ts";

const shipped = fileURLToPath(new URL("../../fixtures/models", import.meta.url));

/** A model of the shipped one's vocabulary with other weights, and with other sizes where they are given. */
async function otherModel(folder: string, sizes: Readonly<Record<string, number>> = {}): Promise<void> {
  const config = JSON.parse(await readFile(join(shippedModel, "config.json"), "utf8")) as Record<string, unknown>;
  await writeRandomCheckpoint(folder, {config: {...config, ...sizes}, seed: 5});
  await copyFile(join(shippedModel, "tokenizer.json"), join(folder, "tokenizer.json"));
}

describe.skipIf(!chromiumPath)("comparing runs", () => {
  const bench = useBench();
  const models = useTemporaryFolder();
  const place = useServer(
    () => ({page: bench.page, models: [shipped, models.path]}),
    async ({capture, until}) => {
      await otherModel(join(models.path, "other-weights"));
      await otherModel(join(models.path, "narrow"), {n_embd: 48, n_heads: 2, num_attention_heads: 2, num_key_value_heads: 2});
      const orders = {
        own: {prompt: "48+37=", steps: 24, inits: 2},
        longer: {prompt: "148+57=", steps: 12, inits: 1, seed: 3, storage_dtype: "bf16"},
        other: {prompt: "48+37=", steps: 24, inits: 2, model: "other-weights"},
        narrow: {prompt: "48+37=", steps: 8, model: "narrow"},
        silent: {prompt: "48+37=", steps: 24, inits: 2, readout: null}
      };
      const runs: Record<string, string> = {};
      for (const [title, order] of Object.entries(orders)) runs[title] = (await until(await capture({title, ...order}), isOver)).run;
      return runs;
    }
  );

  async function open(others: readonly string[], query = ""): Promise<Page> {
    const page = await openPage(
      bench.browser,
      `${place.server.url}/?run=${place.prepared.own}${others.length ? `&with=${others.map((name) => place.prepared[name]).join()}` : ""}${query}`
    );
    await page.getByText(/fitted on|neighbourhoods/).waitFor();
    return page;
  }
  const compared = (page: Page): Locator => page.getByRole("list", {name: "Compared runs"});
  const readouts = (page: Page): Locator => page.getByRole("region", {name: "Readouts side by side"});

  it("a run is chosen from the keyboard, its tokens are aligned by what they are, and the link keeps it", async () => {
    const page = await open([], "&t=2");
    await page.keyboard.press("c");
    await page.getByRole("checkbox", {name: /longer/}).check();
    await page.keyboard.press("Escape");
    await compared(page)
      .getByText(/^5 of 6 tokens have a partner · steps 12, here 24 · inits 1, here 2 · seed 3, here 0 · stored in bf16, here f32$/)
      .waitFor();
    const columns = page.getByRole("list", {name: "Tokens aligned with longer"}).getByRole("listitem");
    expect(await columns.evaluateAll((nodes) => nodes.map((node) => [...node.children].map((child) => child.textContent)))).toEqual([
      ["·no partner", "1"],
      ["4", "4"],
      ["8", "8"],
      ["+", "+"],
      ["3", "·no partner"],
      ["·no partner", "5"],
      ["7", "7"],
      ["=", "="]
    ]);
    await page.reload();
    await compared(page)
      .getByText(/^5 of 6 tokens/)
      .waitFor();
    await page.getByTitle("token 4 with token 5").click();
    await expect.poll(() => new URL(page.url()).searchParams.get("t")).toBe("4");
  });

  it("readouts stand side by side, and say where a run has none", async () => {
    const page = await open(["longer", "silent"], "&t=5&s=4");
    await expect
      .poll(() =>
        readouts(page)
          .getByRole("columnheader")
          .allTextContents()
          .then((all) => all.map((text) => text.trim()))
      )
      .toEqual(["this run", "longer", "silent"]);
    await readouts(page).getByText("no readout").waitFor();
    await readouts(page)
      .getByText(/difference 0$/)
      .waitFor(); // the same capture without its readout
    await page.keyboard.press("End");
    await readouts(page).getByText("stops at step 12").waitFor();
    await page.goto(page.url().replace("t=5", "t=3"));
    await readouts(page).getByText("no partner").waitFor();
  });

  it("the difference is measured between partners: none between a run and the same run again", async () => {
    const page = await open(["silent"], "&t=5");
    const [download] = await Promise.all([page.waitForEvent("download"), saveCsv(page, /^Save: .*Difference/)]);
    const lines = (await readFile(await download.path(), "utf8")).trim().split("\n");
    expect(lines[0]).toBe("step,init,token,text,beyond_trained,silent");
    expect(new Set(lines.slice(1).map((line) => line.split(",").at(-1)))).toEqual(new Set(["0"]));
  });

  it("a joint fit takes the basis from all compared runs, in the plane, in space and in UMAP", async () => {
    const page = await open(["longer"], "&t=2");
    await page.getByText(/fitted on all 6 tokens, 25 states of 2 inits of this run/).waitFor();
    await page.getByRole("button", {name: "Options"}).click();
    await page.getByLabel("fit", {exact: true}).selectOption("joint");
    await page.getByText(`fitted on all tokens of 2 runs, ${25 * 2 * 6 + 13 * 7} states`).waitFor();
    await expect.poll(() => new URL(page.url()).searchParams.get("fit")).toBe("joint");
    await page.keyboard.press("w");
    await page.getByRole("img", {name: /three dimensions: PC1.*token.*PC2/}).waitFor();
    await page.getByText(/fitted on all tokens of 2 runs/).waitFor();
    await page.keyboard.press("u");
    await page.getByText(/2 runs together; neighbourhoods are kept/).waitFor();
  });

  it("another model of equal width says so; one of another width is refused in one line", async () => {
    const page = await open(["other", "narrow"]);
    await compared(page)
      .getByText(/another model, other-weights, of the same width; here tiny-arithmetic/)
      .waitFor();
    await compared(page)
      .getByText(/^invalid run to compare: .* has width 48; expected 96, as .* has$/)
      .waitFor();
    await page.keyboard.press("c");
    const narrow = page.getByRole("checkbox", {name: /narrow.*width 48; expected 96, as this run has/});
    expect(await narrow.isDisabled()).toBe(true);
  });

  async function saveCsv(page: Page, plot: RegExp): Promise<void> {
    await page.getByRole("button", {name: plot}).click();
    await page.getByRole("menuitem", {name: "CSV numbers"}).click();
  }
});
