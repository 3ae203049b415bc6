import {existsSync, readdirSync, readFileSync} from "node:fs";
import {dirname, join} from "node:path";
import {describe, expect, it} from "vitest";
import {pageAsKept, PAGES} from "../docs/makeDocs.ts";

const root = dirname(import.meta.dirname);

describe("docs", () => {
  it.each(Object.keys(PAGES))("%s says what the code says (npm run docs)", async (name) => {
    expect(pageAsKept(name)).toBe(`${await PAGES[name]()}\n`);
  });

  it("has no link to a file that is not there", () => {
    const pages = [
      "README.md",
      "CONTRIBUTING.md",
      "CHANGELOG.md",
      ...readdirSync(join(root, "docs")).flatMap((name) => (name.endsWith(".md") ? join("docs", name) : []))
    ];
    const broken = pages.flatMap((page) =>
      [...readFileSync(join(root, page), "utf8").matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].flatMap(([, target]) =>
        existsSync(join(root, dirname(page), target)) ? [] : `${page}: ${target}`
      )
    );
    expect(broken).toEqual([]);
  });
});
