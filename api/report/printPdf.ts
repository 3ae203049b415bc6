import {pathToFileURL} from "node:url";
import {chromium} from "playwright-core";
import {installedChromium} from "./installedChromium.ts";
import {Refusal} from "../../capture/trace/refusal.ts";

const MARGIN = "15mm";

/** Prints a report as a PDF file, with the system's Chromium. Throws where there is none. */
export async function printPdf(report: string, pdf: string): Promise<void> {
  const executablePath = installedChromium();
  if (executablePath === undefined)
    throw new Refusal("missing Chromium: --pdf prints with the system's own; install it, or set CHROMIUM_PATH to its program");
  const asRoot = process.getuid?.() === 0; // Chromium's sandbox refuses root
  const browser = await chromium.launch({executablePath, args: asRoot ? ["--no-sandbox"] : []});
  try {
    const context = await browser.newContext({javaScriptEnabled: false, offline: true, colorScheme: "light"}); // the printed report is the one without its script
    const page = await context.newPage();
    await page.goto(pathToFileURL(report).href);
    await page.pdf({
      path: pdf,
      format: "A4",
      printBackground: true,
      margin: {top: MARGIN, bottom: MARGIN, left: MARGIN, right: MARGIN},
      displayHeaderFooter: true,
      headerTemplate: "<span></span>",
      footerTemplate: PAGE_NUMBERS
    });
  } finally {
    await browser.close();
  }
}

const PAGE_NUMBERS =
  '<span style="margin:0 auto;font:9px sans-serif;color:#5a6370"><span class="pageNumber"></span> / <span class="totalPages"></span></span>';
