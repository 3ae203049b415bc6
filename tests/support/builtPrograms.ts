import {mkdir, readdir, readFile, rename, rm, stat, symlink, utimes, writeFile} from "node:fs/promises";
import {dirname, join, relative} from "node:path";
import {fileURLToPath, pathToFileURL} from "node:url";
import {transformWithOxc, type Plugin} from "vite";

/**
 * The sources as JavaScript, file by file at the same places below a folder of their own. Most of what a process takes to start, a second of it, is
 * reading TypeScript through a loader; the tests start hundreds, and only some of them from the sources, as users do.
 */
const root = fileURLToPath(new URL("../../", import.meta.url));
const built = join(root, ".cache/built");

const LAYERS = ["analysis", "capture", "api", "tests/support"];
const READ_FROM_SOURCES = ["app", "fixtures", "package.json"]; // what the programs find by their own place
const ESCAPE = '"@oxc-project/runtime/helpers/taggedTemplateLiteral"'; // how oxc writes a tagged template that holds </script>; not installed
const ESCAPED = '"data:text/javascript,export default (strings, raw) => Object.freeze(Object.assign(strings, {raw: Object.freeze(raw)}))"';
const BRINGS_LOADER = /import \{register\} from "tsx\/esm\/api";\s*register\(\);/;

/** Where a source file stands built. */
export const builtPath = (source: string): string => join(built, relative(root, source)).replace(/\.ts$/, ".js");

/** Builds what has changed since it was built last, and removes what is gone. */
export async function buildPrograms(): Promise<void> {
  const ownTime = (await stat(fileURLToPath(import.meta.url))).mtimeMs;
  await mkdir(built, {recursive: true});
  for (const name of READ_FROM_SOURCES) await linkTo(join(root, name), join(built, name));
  for (const layer of LAYERS) {
    const sources = await filesIn(join(root, layer));
    await Promise.all(sources.map((source) => buildFile(source, ownTime)));
    const wanted = new Set(sources.map(builtPath));
    for (const path of await filesIn(join(built, layer))) if (!wanted.has(path)) await rm(path, {force: true});
  }
}

/** A plugin that lets the code under test start its processes and threads from what is built. */
export const builtProcesses = (): Plugin => ({
  name: "built-processes",
  enforce: "pre",
  transform: (code, id) =>
    code.replace(
      /new URL\("(\w+(?:Process\.ts|Boot\.mjs))", import\.meta\.url\)/,
      (_, name: string) => `new URL(${JSON.stringify(pathToFileURL(builtPath(join(dirname(id), name))).href)})`
    )
});

const filesIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder, {recursive: true, withFileTypes: true}))
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));

async function buildFile(source: string, ownTime: number): Promise<void> {
  const path = builtPath(source);
  await mkdir(dirname(path), {recursive: true});
  if (!/\.(ts|mjs)$/.test(source)) return linkTo(source, path);
  const time = new Date(Math.max((await stat(source)).mtimeMs, ownTime));
  const last = await stat(path).catch(() => undefined);
  if (last && Math.abs(last.mtimeMs - time.getTime()) < 1) return;
  const passing = `${path}.${process.pid}`; // another run in the same checkout may be reading it, or building it, too
  await writeFile(passing, await scriptOf(source));
  await utimes(passing, time, time);
  await rename(passing, path);
}

async function scriptOf(source: string): Promise<string> {
  const text = await readFile(source, "utf8");
  const {code} = source.endsWith(".ts") ? await transformWithOxc(text, source, {sourcemap: false, target: "esnext"}) : {code: text};
  return code
    .replace(BRINGS_LOADER, "")
    .replace(ESCAPE, ESCAPED)
    .replace(/"((?:\.\.?\/[^"]+|\w+Process))\.ts"/g, '"$1.js"');
}

/** Links a path to a file or a folder; one that is linked already stays. */
const linkTo = (target: string, path: string): Promise<void> =>
  symlink(target, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
