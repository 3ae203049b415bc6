import {existsSync, readdirSync, readFileSync} from "node:fs";
import {join} from "node:path";

/** A library that ships: installed beside the program, or built into the page. */
export interface Shipped {
  readonly name: string;
  readonly version: string;
  /** Its SPDX expression, as package-lock.json has it. */
  readonly license: string;
  readonly inPage: boolean;
}

interface Locked {
  readonly version?: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const IN_PAGE = ["d3", "react", "react-dom", "three", "zustand"]; // what vite builds into the page and the reports

/** Every library that ships, by name: all that the program's and the page's own ask for. */
export function shippedLibraries(root: string): Shipped[] {
  const {packages} = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {packages: Record<string, Locked>};
  const found = new Map<string, Shipped>();

  /** Where Node finds a library from a folder: the nearest node_modules upwards. */
  function placeOf(name: string, from: string): string | undefined {
    for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf("/node_modules/")))) {
      const place = at === "" ? `node_modules/${name}` : `${at}/node_modules/${name}`;
      if (packages[place]) return place;
      if (at === "") return undefined;
    }
  }

  function follow(name: string, from: string, inPage: boolean): void {
    const place = placeOf(name, from);
    if (place === undefined) return; // optional, and not for this lock
    const {version = "", license = "unknown", dependencies, optionalDependencies} = packages[place];
    const key = `${name}@${version}`;
    const before = found.get(key);
    if (before && (before.inPage || !inPage)) return;
    found.set(key, {name, version, license, inPage: inPage || (before?.inPage ?? false)});
    for (const next of Object.keys({...dependencies, ...optionalDependencies})) follow(next, place, inPage);
  }

  const own = packages[""];
  for (const name of Object.keys({...own.dependencies, ...own.optionalDependencies})) follow(name, "", false);
  for (const name of IN_PAGE) follow(name, "", true);
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.version < b.version ? -1 : 1));
}

/** The text of NOTICE: a line for each library that ships, and the licences of those that are built into the page. */
export function noticeText(root: string): string {
  const shipped = shippedLibraries(root);
  const lines = shipped.map(({name, version, license, inPage}) => `${name} ${version}  ${license}${inPage ? "  (in the page)" : ""}`);
  const texts = new Map<string, string[]>(); // libraries by the text of their licence
  for (const {name, inPage} of shipped) {
    if (!inPage) continue;
    const text = licenceText(join(root, "node_modules", name));
    texts.set(text, [...(texts.get(text) ?? []), name]);
  }
  const parts = [...texts].map(([text, names]) => `${"-".repeat(78)}\n${names.join(", ")}\n\n${text}`);
  return `Orrery ships with the libraries below, or asks for them when it is installed. Each is under the licence named; the
licence of one that is installed lies in its own folder, those of the libraries that are built into the page
stand at the end. Made by \`npm run notice\` from package-lock.json.

${lines.join("\n")}

${parts.join("\n")}`;
}

function licenceText(folder: string): string {
  if (!existsSync(folder)) throw new Error(`missing library: ${folder}; npm ci installs it`);
  const name = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
  if (!name) throw new Error(`missing licence: ${folder}`);
  return `${readFileSync(join(folder, name), "utf8").trim()}\n`;
}
