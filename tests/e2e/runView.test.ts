import {fileURLToPath} from "node:url";
import {readFile} from "node:fs/promises";
import type {Locator, Page} from "playwright-core";
import {describe, expect, it} from "vitest";
import {chromiumPath, openPage, useBench, type OpenOptions} from "../support/browser.ts";
import {useServer} from "../support/startServer.ts";

const examples = fileURLToPath(new URL("../../fixtures/runs", import.meta.url));

describe.skipIf(!chromiumPath)("the run view", () => {
  const bench = useBench();
  const place = useServer(
    () => ({page: bench.page, examples}),
    ({get}) => get("/api/runs/sum-and-parity/patterns?site=state") // the labels once: a page that is left before it has them ends their making
  );

  async function openExample(query = "", options: OpenOptions = {}): Promise<Page> {
    const page = await openPage(
      bench.browser,
      `${place.server.url}/?run=sum-and-parity${query.includes("pic=") ? "" : "&pic=plane"}${query}`,
      options
    );
    await page.getByText(/fitted on|neighbourhoods are kept/).waitFor();
    return page;
  }

  const strip = (page: Page): Locator => page.getByRole("listbox", {name: "Tokens of the prompt"});
  const chosen = (page: Page): Promise<number[]> =>
    strip(page)
      .getByRole("option", {selected: true})
      .evaluateAll((nodes) => nodes.map((node) => Number((node as HTMLElement).dataset.token)));
  const step = async (page: Page): Promise<number> => Number(await page.getByRole("slider", {name: "Step"}).inputValue());
  /** The words on the trajectory's plot; `ticksAtRest` waits until the plot has its place and changes no more. */
  const ticks = (page: Page): Promise<string[]> => page.locator(".trajectory-place svg").first().locator("text").allTextContents();
  const ticksAtRest = async (page: Page): Promise<string[]> => {
    let before: readonly string[] = [];
    let now = await ticks(page);
    while (now.length <= 4 || now.join() !== before.join()) {
      await page.waitForTimeout(300);
      [before, now] = [now, await ticks(page)];
    }
    return now;
  };
  const spanOf = (words: readonly string[]): number => {
    const numbers = words.map((word) => Number(word.replace("−", "-"))).filter((x) => !Number.isNaN(x));
    return Math.max(...numbers) - Math.min(...numbers);
  };
  const query = (page: Page, key: string): string | null => new URL(page.url()).searchParams.get(key);

  it("a link reopens tokens, step, init, components, heat map and colours", async () => {
    const page = await openExample("&t=1,3&s=4&i=1&pc=2-3&heat=entropy&by=init");
    await expect.poll(() => chosen(page)).toEqual([1, 3]);
    await expect.poll(() => step(page)).toBe(4);
    await page.getByText(/PC2, .* of variance/).waitFor();
    await page.getByRole("button", {name: "Options"}).click();
    expect(await page.getByLabel("Horizontal component").inputValue()).toBe("1");
    expect(await page.getByLabel("Measure").inputValue()).toBe("entropy");
    expect(await page.getByLabel("colour", {exact: true}).inputValue()).toBe("init");
    expect(await page.getByLabel("init", {exact: true}).inputValue()).toBe("1");
  });

  it("a link reopens the zoom, and another pair of components ends it", async () => {
    const page = await openExample();
    const whole = spanOf(await ticksAtRest(page));
    for (let i = 0; i < 3; ++i) await page.getByRole("button", {name: "Zoom in"}).click();
    await expect.poll(() => query(page, "z")).toMatch(/^3\.375,/);
    const isZoomed = async (): Promise<boolean> => spanOf(await ticks(page)) < whole / 2;
    await expect.poll(isZoomed).toBe(true);
    await page.reload();
    await expect.poll(async () => (await ticks(page)).length).toBeGreaterThan(4);
    await expect.poll(isZoomed).toBe(true);
    await page.getByRole("button", {name: "Whole picture"}).click();
    await expect.poll(isZoomed).toBe(false);
    await expect.poll(() => query(page, "z")).toBeNull();
    await page.getByRole("button", {name: "Zoom in"}).click();
    await expect.poll(() => query(page, "z")).not.toBeNull();
    await page.keyboard.press("2");
    await page.getByText(/PC3, .* of variance/).waitFor();
    await expect.poll(() => query(page, "z")).toBeNull();
  });

  it("an address that makes no sense shows the run as if it had not been there", async () => {
    const page = await openExample("&t=x,99999&s=-3&pc=1-1&heat=nonsense&by=%00");
    expect(await page.getByLabel("Measure").inputValue()).toBe("distance");
    await expect.poll(() => chosen(page)).toEqual([]);
  });

  it("a token chosen in the prompt is chosen in heat map, curves and readout, and in the address", async () => {
    const page = await openExample();
    await strip(page).getByRole("option").nth(2).click();
    await expect.poll(() => query(page, "t")).toBe("2");
    const text = await strip(page).getByRole("option").nth(2).locator(".token-text").textContent();
    await page.getByRole("heading", {name: `Next token after “${text}”`}).waitFor();
    await strip(page)
      .getByRole("option")
      .nth(4)
      .click({modifiers: ["Shift"]});
    await expect.poll(() => chosen(page)).toEqual([2, 3, 4]);
    await page.goBack();
    await expect.poll(() => chosen(page)).toEqual([2]);
    await page.goForward();
    await expect.poll(() => chosen(page)).toEqual([2, 3, 4]);
  });

  it("a click on a cell of the heat map chooses its token and its step", async () => {
    const page = await openExample();
    const cells = (await page
      .getByRole("img", {name: /tokens by steps/})
      .locator("..")
      .locator("canvas")
      .boundingBox())!;
    const [tokens, lastStep] = [
      await strip(page).getByRole("option").count(),
      Number(await page.getByRole("slider", {name: "Step"}).getAttribute("max"))
    ];
    await page.mouse.click(cells.x + (cells.width * 5.5) / (lastStep + 1), cells.y + (cells.height * 1.5) / tokens);
    await expect.poll(() => chosen(page)).toEqual([1]);
    await expect.poll(() => step(page)).toBe(5);
    await expect.poll(() => query(page, "s")).toBe("5");
  });

  it("a hover over a token, a cell or a row lights up the same place everywhere, with a card", async () => {
    const page = await openExample("&s=3");
    await strip(page).getByRole("option").nth(1).hover();
    await page.locator(".hover-card").getByText("token 1").waitFor();
    await expect
      .poll(() =>
        page
          .getByRole("img", {name: /^Trajectories/})
          .locator(".hover")
          .count()
      )
      .toBe(1);
    await page.getByRole("row", {name: /^3 /}).hover();
    await expect.poll(() => page.locator(".lens tr.hovered").count()).toBe(1);
  });

  it("a click on the trajectory's end chooses its token", async () => {
    const page = await openExample("&t=0");
    const label = (await page
      .getByRole("img", {name: /^Trajectories/})
      .locator("text")
      .first()
      .boundingBox())!;
    await page.keyboard.press("Escape");
    await expect.poll(() => chosen(page)).toEqual([]);
    await page.mouse.click(label.x - 8, label.y + label.height / 2 + 7); // the label stands to the upper right of the last state
    await expect.poll(async () => (await chosen(page)).length).toBe(1);
  });

  it("keys walk, extend, find, step, play and change the picture", async () => {
    const page = await openExample("&t=0");
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => chosen(page)).toEqual([1]);
    await page.keyboard.press("Shift+ArrowRight");
    await expect.poll(() => chosen(page)).toEqual([1, 2]);
    await page.keyboard.press("Home");
    await expect.poll(() => step(page)).toBe(0);
    await page.keyboard.press(".");
    await page.keyboard.press(".");
    await page.keyboard.press(",");
    await expect.poll(() => step(page)).toBe(1);
    await page.keyboard.press(" ");
    await expect.poll(() => step(page)).toBeGreaterThan(3);
    await page.keyboard.press(" ");
    await page.getByRole("button", {name: "Play"}).waitFor();
    const sought = (await strip(page).getByRole("option").last().locator(".token-text").textContent())!;
    await page.keyboard.press("/");
    await page.getByLabel("Find a token").fill(sought);
    await page.keyboard.press("Enter");
    await expect.poll(async () => strip(page).getByRole("option", {selected: true}).locator(".token-text").textContent()).toBe(sought);
    await page.keyboard.press("Escape");
    await page.keyboard.press("2");
    await page.getByText(/PC3, .* of variance/).waitFor();
    await page.keyboard.press("r");
    await expect.poll(() => page.getByRole("img", {name: /^Trajectories/}).count()).toBe(3);
    await page.keyboard.press("?");
    await page.getByRole("dialog", {name: "Keys"}).waitFor();
  });

  it("every key of the list does what it says", async () => {
    const page = await openExample("&t=1&s=4");
    const key = async (name: string): Promise<void> => page.keyboard.press(name);
    const heat = (): Promise<string> => page.getByLabel("Measure").inputValue();
    const listed: readonly (readonly [string, () => Promise<unknown>])[] = [
      ["←", async () => (await key("ArrowLeft"), await expect.poll(() => chosen(page)).toEqual([0]))],
      ["→", async () => (await key("ArrowRight"), await expect.poll(() => chosen(page)).toEqual([1]))],
      ["/", async () => (await key("/"), await page.getByLabel("Find a token").waitFor(), await key("Escape"))],
      [
        "space",
        async () => (
          await key(" "),
          await page.getByRole("button", {name: "Pause"}).waitFor(),
          await key(" "),
          await page.getByRole("button", {name: "Play"}).waitFor()
        )
      ],
      ["Home", async () => (await key("Home"), await expect.poll(() => step(page)).toBe(0))],
      [".", async () => (await key("."), await expect.poll(() => step(page)).toBe(1))],
      [",", async () => (await key(","), await expect.poll(() => step(page)).toBe(0))],
      ["End", async () => (await key("End"), await expect.poll(() => step(page)).toBe(64))],
      ["2", async () => (await key("2"), await expect.poll(() => query(page, "pc")).toBe("3-4"))],
      ["3", async () => (await key("3"), await expect.poll(() => query(page, "pc")).toBe("5-6"))],
      ["1", async () => (await key("1"), await expect.poll(() => query(page, "pc")).toBeNull())],
      ["p", async () => (await key("p"), await expect.poll(() => query(page, "pic")).toBeNull())],
      ["u", async () => (await key("u"), await expect.poll(() => query(page, "pic")).toBe("umap"))],
      ["w", async () => (await key("w"), await expect.poll(() => query(page, "pic")).toBe("waterfall"))],
      ["r", async () => (await key("r"), await expect.poll(() => query(page, "pic")).toBe("rotations"))],
      ["i", async () => (await key("i"), await expect.poll(() => query(page, "i")).toBe("0"))],
      ["l", async () => (await key("l"), await expect.poll(() => query(page, "lens")).toBe("logit"))],
      ["h", async () => (await key("h"), await expect.poll(heat).toBe("step_norm"))],
      [
        "f",
        async () => {
          await key("1");
          const whole = await ticksAtRest(page);
          await page.getByRole("button", {name: "Zoom in"}).click();
          await expect.poll(() => ticks(page)).not.toEqual(whole);
          await key("f");
          await expect.poll(() => ticks(page)).toEqual(whole);
          await key("z");
          await expect.poll(() => ticks(page)).not.toEqual(whole);
        }
      ],
      ["z", async () => key("z")],
      ["Esc", async () => (await key("Escape"), await expect.poll(() => chosen(page)).toEqual([]))],
      ["a", async () => (await key("a"), await page.getByRole("dialog", {name: "New capture"}).waitFor(), await key("Escape"))],
      [
        "n",
        async () => (await key("n"), await page.getByText(/No orbit or slider in this run|labels of the run are not there yet/).waitFor())
      ],
      ["N", async () => key("N")],
      ["c", async () => (await key("c"), await page.getByRole("dialog", {name: "Compare with"}).waitFor(), await key("Escape"))],
      ["?", async () => (await key("?"), await page.getByRole("dialog", {name: "Keys"}).waitFor())]
    ];
    for (const [, press] of listed) await press();
    const shown = await page.getByRole("dialog", {name: "Keys"}).locator("kbd").allTextContents();
    const elsewhere = ["j", "k"]; // of an experiment's page
    expect([...shown].sort()).toEqual([...listed.map(([name]) => name), ...elsewhere].sort());
  });

  it.each([
    ["plane", ""],
    ["UMAP", "&pic=umap"],
    ["waterfall", "&pic=waterfall"],
    ["three dimensions", "&pic=space"]
  ])("a lasso chooses the tokens inside it: %s", async (_, picture) => {
    const page = await openExample(`&t=none${picture}`);
    const image = page.getByRole("img", {name: /^Trajectories.*(PC1|UMAP 1)/});
    await image.waitFor();
    const plot = (await image.boundingBox())!;
    await page.getByRole("button", {name: "Lasso"}).click();
    await page.mouse.move(plot.x + 60, plot.y + 12);
    await page.mouse.down();
    for (const [x, y] of [
      [plot.width - 4, 4],
      [plot.width - 4, plot.height - 4],
      [4, plot.height - 4],
      [4, 16]
    ])
      await page.mouse.move(plot.x + x, plot.y + y, {steps: 3});
    await page.mouse.up();
    await expect.poll(async () => (await chosen(page)).length).toBe(await strip(page).getByRole("option").count());
  });

  it("plots are saved as SVG with their lines, and their numbers as CSV", async () => {
    const page = await openExample("&t=0");
    const save = async (plot: RegExp, kind: string): Promise<{name: string; text: string}> => {
      await page.getByRole("button", {name: plot}).click();
      const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("menuitem", {name: kind}).click()]);
      return {name: download.suggestedFilename(), text: await readFile(await download.path(), "latin1")};
    };
    const svg = await save(/^Save: .*principal/, "SVG picture");
    expect(svg.name).toBe("sum-and-parity-plane.svg");
    expect(svg.text).toMatch(/^<svg[^>]*>.*PC1, .* of variance.*<path d="M[\d.]+ [\d.]+L/s);
    const png = await save(/^Save: .*Distance/, "PNG picture");
    expect(png.text.slice(1, 4)).toBe("PNG");
    const csv = await save(/^Save: .*Distance/, "CSV numbers");
    expect(csv.text.split("\n")[0]).toBe("step,init,token,text,beyond_trained,distance");
    const states =
      (Number(await page.getByRole("slider", {name: "Step"}).getAttribute("max")) + 1) * (await strip(page).getByRole("option").count());
    const inits = Number(/(\d+) inits/.exec((await page.getByText(/fitted on/).textContent()) ?? "")?.[1]);
    expect(csv.text.match(/^\d+,\d+,\d+,/gm)).toHaveLength(states * inits);
  });

  it("a run that is not there says so and leads back to the list", async () => {
    const page = await openPage(bench.browser, `${place.server.url}/?run=nowhere`);
    await page
      .getByRole("alert")
      .getByText(/unknown run: nowhere/)
      .waitFor();
    await page.getByRole("button", {name: "All runs"}).click();
    await page.getByRole("link", {name: /sum/i}).first().waitFor();
  });
});
