import {createHash} from "node:crypto";
import {cp, mkdir, mkdtemp, readdir, rename, rm, stat, utimes, writeFile} from "node:fs/promises";
import {dirname, join, relative} from "node:path";
import {pathToFileURL} from "node:url";
import {build, type Plugin} from "vite";
import {builtScript} from "../../api/report/reportScript.ts";
import {BUILT, builtPath, root} from "./builtPath.ts";

/**
 * What processes and threads start from, as JavaScript, each with what it loads in a few files. Most of what a process takes to start, a second of it,
 * is reading TypeScript through a loader, and half of the rest finding two hundred files; the tests start hundreds, and only some of them from the
 * sources, as users do. Beside them the script that every report holds, which each report would else make anew.
 */
const place = join(root, ".cache/built");

const SOURCES = ["analysis", "capture", "api", "app", "fixtures", "tests/support"];
const IS_CODE = /\.(ts|tsx|mjs|css)$/;
const STARTS = /(^api\/cli\.ts|(?<!child|redis)Process\.ts|Boot\.mjs|[dD]river\.ts)$/;
const REPORT = "app/report/";
const KEPT_MS = 6 * 3600_000; // longer than a run takes, which may still start what has changed since
const BRINGS_LOADER = /import \{register\} from "tsx\/esm\/api";\s*register\(\);/;

/** Builds what has changed since it was built last, and tells this process and those that it starts where it stands. */
export async function buildPrograms(): Promise<void> {
  const sources = (await Promise.all(SOURCES.map(codeIn))).flat();
  const folder = join(place, await digestOf(sources));
  process.env[BUILT] = folder;
  await mkdir(place, {recursive: true});
  await removeOld();
  if (!(await isThere(folder))) await buildInto(folder, sources);
  await utimes(folder, new Date(), new Date());
}

/** A plugin that lets the code under test start its processes and threads from what is built. */
export const builtProcesses = (): Plugin => ({
  name: "built-processes",
  enforce: "pre",
  transform: (code, id) =>
    code.replace(/new URL\("(\w+(?:Process\.ts|Boot\.mjs))", import\.meta\.url\)/g, (_, name: string) =>
      urlOf(builtPath(join(dirname(id), name)))
    )
});

/** What is built finds the report's script where it is built, and all else where the sources are. */
const fromElsewhere = (): Plugin => ({
  name: "from-elsewhere",
  enforce: "pre",
  transform: (code, id) =>
    id.includes("/node_modules/")
      ? undefined
      : code
          .replace(BRINGS_LOADER, "")
          .replace(`new URL("../../${REPORT}", import.meta.url)`, urlOf(`${process.env[BUILT]}/${REPORT}`))
          .replaceAll("import.meta.url", JSON.stringify(pathToFileURL(id).href))
          .replaceAll("import.meta.dirname", JSON.stringify(dirname(id)))
});

const urlOf = (path: string): string => `new URL(${JSON.stringify(pathToFileURL(path).href)})`;

/** Another run in the same checkout may be building the same. */
async function buildInto(folder: string, sources: readonly string[]): Promise<void> {
  const passing = await mkdtemp(join(place, "making-"));
  const programs = sources.map((path) => relative(root, path)).filter((path) => STARTS.test(path));
  await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: "warn",
    plugins: [builtProcesses(), fromElsewhere()],
    ssr: {noExternal: ["zod"]}, // a hundred files, of which half are languages
    build: {
      ssr: true,
      outDir: passing,
      target: "esnext",
      minify: false,
      rolldownOptions: {
        input: Object.fromEntries(programs.map((path) => [path.replace(/\.\w+$/, ""), join(root, path)])),
        output: {entryFileNames: "[name].js", chunkFileNames: "parts/[name]-[hash].js"}
      }
    }
  });
  const {code} = await builtScript();
  await mkdir(join(passing, REPORT, "dist"), {recursive: true});
  await writeFile(join(passing, REPORT, "dist/report.js"), code);
  await cp(join(root, REPORT, "report.css"), join(passing, REPORT, "report.css"));
  await rename(passing, folder).catch(() => rm(passing, {recursive: true}));
}

async function removeOld(): Promise<void> {
  for (const name of await readdir(place)) {
    const path = join(place, name);
    const {mtimeMs} = await stat(path).catch(() => ({mtimeMs: Infinity})); // another run removes it
    if (mtimeMs < Date.now() - KEPT_MS) await rm(path, {recursive: true, force: true});
  }
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false
  );

const codeIn = async (folder: string): Promise<string[]> =>
  (await readdir(join(root, folder), {recursive: true, withFileTypes: true}))
    .filter((entry) => entry.isFile() && IS_CODE.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

/** Of their names, sizes and times. */
async function digestOf(paths: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const path of paths) {
    const {size, mtimeMs} = await stat(path);
    hash.update(`${path} ${size} ${mtimeMs}\n`);
  }
  return hash.digest("hex").slice(0, 16);
}
