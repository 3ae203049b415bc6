import type {Download, Page} from "playwright-core";
import {expect} from "vitest";

/** Captures from the page, hears how it ends, and saves what the server makes of it. */
export async function work(page: Page): Promise<void> {
  await page.getByRole("button", {name: "New capture"}).click();
  await page.getByRole("textbox", {name: "Prompt"}).fill("1+2=");
  await page.getByLabel("Steps").fill("8");
  await page.getByRole("button", {name: "Capture", exact: true}).click();
  await page.getByRole("listbox", {name: "Tokens of the prompt"}).waitFor(); // the page hears of the run by events alone
  await page.getByRole("button", {name: "Export the run"}).click();
  const [file] = await Promise.all([
    page.waitForEvent("download") as Promise<Download>,
    page.getByRole("menuitem", {name: /safetensors/}).click()
  ]);
  expect(file.suggestedFilename()).toMatch(/\.safetensors$/);
  await page.reload();
  await page.getByRole("listbox", {name: "Tokens of the prompt"}).waitFor();
}
