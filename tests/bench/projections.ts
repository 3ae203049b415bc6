import {execFileSync} from "node:child_process";
import {mkdtemp, rm} from "node:fs/promises";
import {cpus, loadavg, tmpdir} from "node:os";
import {join} from "node:path";
import {parseArgs} from "node:util";
import {emptyPageCache} from "./coldCache.ts";
import {firstPictures, type PictureSize} from "./firstPicture.ts";
import {measurements, pointsPath, reducedPath} from "./projectionMeasurements.ts";
import {writeTrajectories, type RowFile} from "./rowFile.ts";
import {wholeFrom} from "../support/readNumber.ts";

const USAGE =
  "npm run bench -- projections [--only pca|umap|picture] [--rows 130000] [--points 13000] [--width 5280] [--components 6] [--dir DIR]";
const PARTS = ["pca", "umap", "picture"];
const GIGABYTE = 1e9;

// `measure`, `file`, `passes` and `axes` are how the bench calls itself.
const options = Object.fromEntries(
  ["only", "rows", "points", "width", "components", "dir", "measure", "file", "passes", "axes"].map((name) => [
    name,
    {type: "string"} as const
  ])
);

/** The tables of projections: PCA of rows on disk beside scikit-learn's, UMAP beside umap-learn's, and the server's first picture of a long run. */
export async function bench(args: readonly string[]): Promise<void> {
  const {values} = parseArgs({args: [...args], options});
  const cols = wholeFrom(1, "--width", values.width ?? "5280");
  const rows = wholeFrom(1, "--rows", values.rows ?? "130000");
  const components = wholeFrom(1, "--components", values.components ?? "6");
  if (values.measure && values.file)
    return print(
      await measurements[values.measure](
        {path: values.file, rows, cols},
        {components, maxPasses: wholeFrom(1, "--passes", values.passes ?? "6"), axes: values.axes}
      )
    );
  if (values.only !== undefined && !PARTS.includes(values.only))
    throw new RangeError(`unknown part: ${values.only}; one of ${PARTS.join(", ")} (${USAGE})`);
  const isWanted = (part: string) => (values.only ?? part) === part;

  const dir = await mkdtemp(join(values.dir ?? tmpdir(), "orrery-bench-"));
  try {
    console.log(
      `${cpus().length} × ${cpus()[0].model.trim()}, load ${loadavg()[0].toFixed(1)}; wall seconds are only as quiet as the machine, so CPU seconds stand beside them`
    );
    if (isWanted("pca")) await pcaTable({path: join(dir, "states.f32"), rows, cols}, components);
    if (isWanted("umap")) await umapTable({path: join(dir, "points.f32"), rows: wholeFrom(1, "--points", values.points ?? "13000"), cols});
    if (isWanted("picture")) await pictureTable(dir);
  } finally {
    await rm(dir, {recursive: true});
  }
}

async function pcaTable(file: RowFile, components: number): Promise<void> {
  await writeTrajectories(file);
  console.log(
    `\nPCA: ${file.rows} × ${file.cols} float32 (${((4 * file.rows * file.cols) / GIGABYTE).toFixed(2)} GB) to ${components} components; axes and variances against subspace iteration in double precision`
  );
  const wanted = ["--components", String(components)];
  const cold = pcaRows(file, wanted, {name: "from the disk", prepare: emptyPageCache});
  if (cold.why) console.log(`  from the disk: skipped, the page cache could not be emptied (${cold.why})`);
  measure("read", file); // into the page cache
  pcaRows(file, wanted, {name: "from the page cache"});
  const axes = ["all", "one"].map((name) => `${file.path}.${name}`);
  const ours = [
    measure<PcaFigures>("pca", file, [...wanted, "--axes", axes[0]]),
    measure<PcaFigures>("pca", file, [...wanted, "--axes", axes[1], "--passes", "1"])
  ];
  const theirs = peer<PeerPca>("pca.py", ["sklearn", "numpy"], [file.path, file.rows, file.cols, components, ...axes]);
  const found = (error: PcaError | undefined) =>
    error ? `; found axes within ${error.axis.toExponential(1)} rad, variances within ${error.variance.toExponential(1)}` : "";
  for (const [at, name] of ["ours, to 1e-4 rad", "ours, one pass"].entries()) {
    const {megabytes, passes, axisError, varianceError} = ours[at];
    console.log(
      `  ${name.padEnd(32)} ${time(ours[at])}  ${megabytes.toFixed(0)} MB at the peak, passes: ${passes}; states axes within ${axisError.toExponential(1)} rad, variances within ${varianceError.toExponential(1)}${found(theirs?.others[at])}`
    );
  }
  if (!theirs) return;
  const times = ours.map(({seconds}) => `${(theirs.seconds / seconds).toFixed(1)} ×`);
  console.log(
    `  ${"scikit-learn, randomised".padEnd(32)} ${time(theirs)}  ${theirs.megabytes.toFixed(0)} MB at the peak, and ${theirs.load.toFixed(1)} s to load the file: ${times.join(" and ")} our seconds${found(theirs.error)}`
  );
}

interface CacheState {
  readonly name: string;
  /** Says why it could not be brought about, if so. */
  readonly prepare?: () => string | undefined;
}

/** Reading the file twice, and the fit, each begun in the same state of the page cache. */
function pcaRows(file: RowFile, wanted: readonly string[], {name, prepare}: CacheState): {why?: string} {
  const why = prepare?.();
  if (why) return {why};
  const read = measure("read", file);
  prepare?.();
  const ours = measure<PcaFigures>("pca", file, wanted);
  console.log(`  ${`reading twice, ${name}`.padEnd(32)} ${time(read)}`);
  console.log(`  ${`ours, ${name}`.padEnd(32)} ${time(ours)}  ${(ours.seconds / read.seconds).toFixed(2)} × reading twice`);
  return {};
}

async function pictureTable(dir: string): Promise<void> {
  console.log("\nThe server's answer to a run's first picture, PCA to 2 components; the second and third time with another seed");
  for (const size of PICTURES) {
    const times = await firstPictures(size, dir);
    console.log(
      `  ${`${size.steps * size.tokens} states of ${size.width}`.padEnd(32)} ${times.map((ms) => `${ms.toFixed(0)} ms`).join(", ")}`
    );
  }
}

const PICTURES: readonly PictureSize[] = [
  {steps: 129, tokens: 512, width: 512},
  {steps: 129, tokens: 512, width: 2048}
];

async function umapTable(file: RowFile): Promise<void> {
  await writeTrajectories(file);
  console.log(
    `\nUMAP: ${file.rows} × ${file.cols} to 2 dimensions, 15 neighbours; every picture's trustworthiness is that of the same rows`
  );
  const ours = measure<UmapFigures>("umap-flat", file);
  console.log(`  ${"ours, PCA to 50 and all else".padEnd(32)} ${told(ours)}, ${(100 * ours.recall!).toFixed(1)} % of the neighbours found`);
  if (file.rows <= MOST_UMAP_JS)
    console.log(`  ${"umap-js, our neighbours".padEnd(32)} ${told(measure<UmapFigures>("umap-umap-js", file))}`);
  const reduced = {...measure<Cost & Pick<RowFile, "cols">>("reduce", file), path: reducedPath(file), rows: file.rows};
  const theirs = peer<PeerUmap>("umap.py", ["umap", "numpy"], [reduced.path, reduced.rows, reduced.cols, pointsPath(file)]);
  if (!theirs) return;
  const {trustworthiness, standardError} = measure<UmapFigures>("trust", file);
  console.log(
    `  ${"umap-learn, seeded, of the 50".padEnd(32)} ${told({...theirs.seeded, megabytes: theirs.megabytes, trustworthiness, standardError})}: ${(theirs.seeded.seconds / ours.seconds).toFixed(1)} × our seconds, which hold ${reduced.seconds.toFixed(1)} s of PCA`
  );
  console.log(`  ${"umap-learn, unseeded, all cores".padEnd(32)} ${time(theirs.parallel)}`);
}

const MOST_UMAP_JS = 15_000; // beyond, it takes minutes

const told = (figures: UmapFigures): string =>
  `${time(figures)}, ${figures.megabytes.toFixed(0)} MB at the peak, trustworthiness ${figures.trustworthiness.toFixed(4)} ± ${(1.96 * figures.standardError).toFixed(4)}`;

interface Cost {
  readonly seconds: number;
  /** Seconds of all threads together. */
  readonly cpu: number;
}

interface PcaFigures extends Cost {
  readonly megabytes: number;
  readonly passes: number;
  readonly axisError: number;
  readonly varianceError: number;
}

interface UmapFigures extends Cost {
  readonly megabytes: number;
  readonly trustworthiness: number;
  readonly standardError: number;
  readonly recall?: number;
}

/** The largest error of any axis, radians, and of any variance, as a share of it. */
interface PcaError {
  readonly axis: number;
  readonly variance: number;
}

interface PeerPca extends Cost {
  readonly error: PcaError;
  readonly others: readonly PcaError[];
  readonly load: number;
  readonly megabytes: number;
  readonly variances: readonly number[];
}

/** Compilation left out. */
interface PeerUmap {
  readonly seeded: Cost;
  readonly parallel: Cost;
  readonly megabytes: number;
}

function measure<T extends Cost>(name: string, {path, rows, cols}: RowFile, extra: readonly string[] = []): T {
  const args = [
    ...process.execArgv,
    process.argv[1],
    "projections",
    "--measure",
    name,
    "--file",
    path,
    "--rows",
    String(rows),
    "--width",
    String(cols),
    ...extra
  ];
  return JSON.parse(execFileSync(process.execPath, args, {encoding: "utf8"})) as T;
}

/** Runs a peer's script, or says in one line why not. */
function peer<T>(script: string, modules: readonly string[], args: readonly (string | number)[]): T | undefined {
  const python = process.env.ORRERY_PYTHON ?? "python3";
  try {
    execFileSync(python, ["-c", `import ${modules.join(", ")}`], {stdio: "ignore"});
  } catch {
    console.log(`  ${script}: skipped, ${python} cannot import ${modules.join(", ")} (ORRERY_PYTHON names another interpreter)`);
    return undefined;
  }
  return JSON.parse(
    execFileSync(python, [join(import.meta.dirname, "peers", script), ...args.map(String)], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"]
    })
  ) as T;
}

const time = ({seconds, cpu}: Cost): string => `${seconds.toFixed(2).padStart(7)} s (CPU ${cpu.toFixed(2)} s)`;

const print = (value: object): void => console.log(JSON.stringify(value));
