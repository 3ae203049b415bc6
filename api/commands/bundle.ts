import {InvalidArgumentError, Option, type Command} from "commander";
import {readTrace} from "../../capture/trace/reader.ts";
import {MAX_TITLE_CHARACTERS} from "../contract/choices.ts";
import {galleryAnswers} from "../gallery/runAnswers.ts";
import {shownRuns} from "../gallery/shownRuns.ts";
import {writeGallery} from "../gallery/writeGallery.ts";
import {SITE} from "../report/collectRun.ts";
import {examples} from "./options.ts";
import {note, print, printJson} from "./print.ts";
import {createProgress} from "./progress.ts";
import {runFolder} from "./runFolder.ts";
import {modelOfRun} from "./runSpectra.ts";
import {asUsageErrors, nameList, userPath} from "./usage.ts";

interface BundleOptions {
  readonly out: string;
  readonly title: string;
  readonly sites?: readonly string[];
  readonly umap: boolean;
  readonly maxSize: number;
  readonly force?: boolean;
  readonly json?: boolean;
}

export function addBundle(verb: Command): void {
  verb
    .requiredOption("--out <folder>", "the folder to make")
    .option("--title <text>", "what stands above the list of runs", title, "Gallery")
    .option("--sites <names>", "further sites to measure, label and project beside state, joined by commas", nameList)
    .option("--no-umap", "leave out the UMAP picture, which takes a large run the longest")
    .addOption(
      new Option("--max-size <size>", "refuse more than this, as in 500MB or 2GB; GitHub Pages takes 1 GB, in files of 100 MB")
        .argParser(size)
        .default(1e9, "1GB")
    )
    .option("--force", "replace an earlier gallery, and nothing else")
    .option("--json", "print one JSON document on stdout and nothing else")
    .addHelpText(
      "after",
      examples("bundle clock-of-five column-of-sums --out gallery", "bundle runs/* --out gallery --max-size 200MB --force")
    )
    .action(bundle);
}

async function bundle(names: string[], {out, title, sites: further = [], umap, maxSize, force, json}: BundleOptions): Promise<void> {
  const folder = userPath(out);
  const sites = [...new Set([SITE, ...further])];
  const folders = await Promise.all(names.map(runFolder));
  const modelOf = async (dir: string) => modelOfRun(await readTrace(dir), undefined);
  const runs = await asUsageErrors(shownRuns(folders, {sites, modelOf, log: note}));
  const all = runs.length * galleryAnswers({sites, umap});
  const what = runs.length === 1 ? "a run" : `${runs.length} runs`;
  const bar = createProgress(what, all, {unit: "answer"});
  const began = performance.now();
  const progress = (answered: number): void => bar.tell(answered, (((performance.now() - began) / answered) * (all - answered)) / 1000);
  const {gallery, bytes} = await asUsageErrors(
    writeGallery(runs, {out: folder, title, sites, umap, maxBytes: maxSize, overwrite: force, progress})
  ).finally(() => bar.end());
  if (json)
    return printJson({
      gallery: folder,
      bytes,
      runs: gallery.runs.map(({id, title: name, bytes: size}) => ({id, title: name, bytes: size}))
    });
  await print(`${folder}: gallery of ${what}, ${bytes} bytes; any web server shows it, such as python3 -m http.server --directory FOLDER`);
}

const UNITS: Readonly<Record<string, number>> = {"": 1, B: 1, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12};

/** Bytes as people write them: 500MB, 1.5 GB, or a number alone. */
function size(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim()) ?? [];
  const bytes = Number(number) * (UNITS[unit?.toUpperCase()] ?? NaN);
  if (!(bytes > 0)) throw new InvalidArgumentError("expected a size such as 500MB or 2GB");
  return bytes;
}

function title(text: string): string {
  const plain = text.trim();
  if (plain === "" || plain.length > MAX_TITLE_CHARACTERS)
    throw new InvalidArgumentError(`expected 1 to ${MAX_TITLE_CHARACTERS} characters`);
  return plain;
}
