import {copyFile, readFile, stat} from "node:fs/promises";
import {dirname, join} from "node:path";
import {fileURLToPath} from "node:url";
import {ensureFolder} from "../../capture/trace/ensureFolder.ts";
import {ifThere} from "../../capture/trace/ifThere.ts";
import {Refusal} from "../../capture/trace/refusal.ts";

/** The folder that `npm run build` makes. */
const BUILT = fileURLToPath(new URL("../../app/dist/", import.meta.url));

const ENTRY = "gallery.html";
const MANIFEST = "manifest.json"; // of the build: which file needs which

interface Chunk {
  readonly file: string;
  readonly css?: readonly string[];
  readonly assets?: readonly string[];
  readonly imports?: readonly string[];
  readonly dynamicImports?: readonly string[];
}

/** Copies the gallery's page and the files that it needs; gives their bytes. Throws a Refusal where it is not built. */
export async function copyPage(folder: string, {page = BUILT}: {readonly page?: string} = {}): Promise<number> {
  const text = await ifThere(readFile(join(page, MANIFEST), "utf8"), undefined);
  const chunks = text === undefined ? {} : (JSON.parse(text) as Readonly<Record<string, Chunk>>);
  if (!chunks[ENTRY]) throw new Refusal(`missing page: ${join(page, ENTRY)}; run \`npm run build\``, {kind: "unusable"});
  const files = [[ENTRY, "index.html"], ["icon.svg", "icon.svg"], ...filesFrom(chunks).map((file) => [file, file])];
  let bytes = 0;
  for (const [from, to] of files) {
    const path = join(folder, to);
    await ensureFolder(dirname(path));
    await copyFile(join(page, from), path);
    bytes += (await stat(path)).size;
  }
  return bytes;
}

/** Every file that the entry reaches, those asked for later too. */
function filesFrom(chunks: Readonly<Record<string, Chunk>>): string[] {
  const reached = new Set([ENTRY]);
  const files = new Set<string>();
  for (const name of reached) {
    const {file, css = [], assets = [], imports = [], dynamicImports = []} = chunks[name];
    for (const one of [file, ...css, ...assets]) files.add(one);
    for (const next of [...imports, ...dynamicImports]) reached.add(next);
  }
  return [...files].sort();
}
