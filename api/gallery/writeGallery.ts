import {readdir, realpath, stat, writeFile} from "node:fs/promises";
import {basename, dirname, join} from "node:path";
import {ensureFolder} from "../../capture/trace/ensureFolder.ts";
import {ifThere} from "../../capture/trace/ifThere.ts";
import {Refusal} from "../../capture/trace/refusal.ts";
import {software} from "../../capture/software.ts";
import {GALLERY_FILE, GALLERY_RUNS, GALLERY_SCHEMA} from "../contract/galleryQuestions.ts";
import type {Gallery, GalleryRun} from "../contract/contract.ts";
import {intoPlace} from "../files/intoPlace.ts";
import {methodSections} from "../report/methodSections.ts";
import {copyPage} from "./builtPage.ts";
import {copiedBytes, writeGalleryRun, type GalleryRunOptions, type ShownRun} from "./galleryRun.ts";
import {jsonBytes} from "./runAnswers.ts";

export interface GalleryOptions extends Pick<GalleryRunOptions, "sites" | "umap"> {
  readonly title: string;
  /** The folder to make. */
  readonly out: string;
  /** Bytes of all its files at most. */
  readonly maxBytes: number;
  /** Replace an earlier gallery; defaults to false. */
  readonly overwrite?: boolean;
  /** The built page; defaults to the one that `npm run build` made. */
  readonly page?: string;
  /** Told how many questions have been answered, of `galleryAnswers` for each run. */
  readonly progress?: (answered: number) => void;
}

interface WrittenGallery {
  readonly gallery: Gallery;
  readonly bytes: number;
}

/**
 * Writes a folder that any web server can give out as it is: the runs with their pages, alive without a server of ours. It appears when it is whole;
 * the same runs give the same bytes. Throws a Refusal for more than `maxBytes`, and where `out` is anything but a gallery to be replaced.
 */
export async function writeGallery(
  runs: readonly ShownRun[],
  {out, maxBytes, overwrite = false, ...options}: GalleryOptions
): Promise<WrittenGallery> {
  await refuseOther(out, runs, overwrite);
  const copied = await Promise.all(runs.map(({dir}) => copiedBytes(dir)));
  if (copied.reduce((sum, bytes) => sum + bytes, 0) > maxBytes)
    throw tooLarge(
      "the states and readouts alone take",
      runs.map(({id}, i) => [id, copied[i]]),
      maxBytes
    );
  let written: WrittenGallery | undefined;
  await intoPlace(out, async (folder) => void (written = await fillFolder(runs, folder, {...options, maxBytes})), {
    overwrite,
    marker: GALLERY_FILE
  });
  return written!;
}

async function fillFolder(
  runs: readonly ShownRun[],
  folder: string,
  {title, sites, umap, maxBytes, page, progress = () => {}}: Omit<GalleryOptions, "out" | "overwrite">
): Promise<WrittenGallery> {
  await ensureFolder(folder);
  let bytes = await copyPage(folder, {page});
  const sizes = new Map(runs.map(({id}) => [id, 0]));
  const shown: GalleryRun[] = [];
  let answered = 0;
  for (const run of runs) {
    const written = (more: number): void => {
      bytes += more;
      sizes.set(run.id, sizes.get(run.id)! + more);
      if (bytes > maxBytes) throw tooLarge("its files take, so far,", [...sizes], maxBytes);
    };
    const count = (): void => progress((answered += 1));
    shown.push(await writeGalleryRun(run, join(folder, GALLERY_RUNS, run.id), {sites, umap, written, answered: count}));
  }
  const gallery: Gallery = {schema: GALLERY_SCHEMA, title, software: {...software}, runs: shown};
  for (const [name, value] of [
    ["methods.json", {sections: methodSections()}],
    [GALLERY_FILE, gallery]
  ] as const) {
    const text = jsonBytes(value);
    bytes += text.length;
    await writeFile(join(folder, name), text);
  }
  await writeFile(join(folder, ".nojekyll"), ""); // GitHub Pages then gives out every file as it is
  return {gallery, bytes};
}

/** What lies in a gallery's folder; whatever lies beside it is somebody's. */
const OWN_NAMES = [GALLERY_FILE, GALLERY_RUNS, "index.html", "icon.svg", "methods.json", "assets", ".nojekyll"];

async function refuseOther(out: string, runs: readonly ShownRun[], overwrite: boolean): Promise<void> {
  const place = join(await ifThere(realpath(dirname(out)), dirname(out)), basename(out));
  const holder = runs.find(({dir}) => `${place}/`.startsWith(`${dir}/`));
  if (holder) throw new Refusal(`invalid output: ${out} lies in the run ${holder.dir}; expected a folder elsewhere`);
  const status = await ifThere(stat(out), undefined);
  if (!status || !overwrite) return; // intoPlace refuses what is there
  const other = status.isDirectory() ? (await readdir(out)).find((name) => !OWN_NAMES.includes(name)) : "";
  if (other === undefined) return;
  const what = other === "" ? "is a file" : `holds ${other}, which is no gallery's,`;
  throw new Refusal(`invalid output: ${out} ${what} and is not replaced; expected a gallery, or a new name`, {kind: "conflict"});
}

function tooLarge(what: string, sizes: readonly (readonly [string, number])[], maxBytes: number): Refusal {
  const largest = sizes.filter(([, bytes]) => bytes > 0).sort(([, a], [, b]) => b - a);
  const named = largest.slice(0, MOST_NAMED).map(([id, bytes]) => `${id} ${sizeText(bytes)}`);
  const more = largest.length > MOST_NAMED ? [`${largest.length - MOST_NAMED} more`] : [];
  const all = sizeText(sizes.reduce((sum, [, bytes]) => sum + bytes, 0));
  return new Refusal(
    `invalid size: ${what} ${all} (${[...named, ...more].join(", ")}); at most ${sizeText(maxBytes)}, which --max-size sets`
  );
}

const MOST_NAMED = 6;
const sizeText = (bytes: number): string => (bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);
