import {execFileSync} from "node:child_process";
import {mkdtemp, rm} from "node:fs/promises";
import {cpus, loadavg, tmpdir} from "node:os";
import {join} from "node:path";
import {parseArgs} from "node:util";
import {umapProjection} from "../../analysis/projections/umap.ts";
import {umapEngines, type UmapEngine} from "../../analysis/projections/umapLayout.ts";
import {blocksOf} from "../../analysis/projections/rowSource.ts";
import {fitPcaSource} from "../../analysis/projections/sourcePca.ts";
import {seededRandom} from "../../analysis/random.ts";
import {openRows, writeTrajectories, type RowFile} from "./rowFile.ts";

const USAGE = "npm run bench -- projections [--only pca|umap] [--rows 130000] [--points 13000] [--width 5280] [--components 6] [--dir DIR]";
const GIGABYTE = 1e9;

// `measure`, `file` and `passes` are how the bench calls itself.
const options = Object.fromEntries(["only", "rows", "points", "width", "components", "dir", "measure", "file", "passes"].map((name) => [name, {type: "string"} as const]));

/** The tables of projections: PCA of rows on disk beside scikit-learn's, UMAP beside umap-learn's. */
export async function bench(args: readonly string[]): Promise<void> {
  const {values} = parseArgs({args: [...args], options});
  const cols = count("width", values.width ?? "5280");
  const rows = count("rows", values.rows ?? "130000");
  const components = count("components", values.components ?? "6");
  if (values.measure && values.file) return print(await measurements[values.measure]({path: values.file, rows, cols}, {components, maxPasses: Number(values.passes ?? 6)}));
  if (values.only !== undefined && !["pca", "umap"].includes(values.only)) throw new RangeError(`unknown part: ${values.only}; one of pca, umap (${USAGE})`);

  const dir = await mkdtemp(join(values.dir ?? tmpdir(), "orrery-bench-"));
  try {
    console.log(`${cpus().length} × ${cpus()[0].model.trim()}, load ${loadavg()[0].toFixed(1)}; wall seconds are only as quiet as the machine, so CPU seconds stand beside them`);
    if (values.only !== "umap") await pcaTable({path: join(dir, "states.f32"), rows, cols}, components);
    if (values.only !== "pca") await umapTable({path: join(dir, "points.f32"), rows: count("points", values.points ?? "13000"), cols});
  } finally {
    await rm(dir, {recursive: true});
  }
}

async function pcaTable(file: RowFile, components: number): Promise<void> {
  await writeTrajectories(file);
  console.log(`\nPCA: ${file.rows} × ${file.cols} float32 (${((4 * file.rows * file.cols) / GIGABYTE).toFixed(2)} GB, in the page cache) to ${components} components`);
  const read = measure("read", file);
  console.log(`  reading the file twice           ${time(read)}`);
  const converged = measure<PcaFigures>("pca", file, ["--components", String(components)]);
  const twice = measure<PcaFigures>("pca", file, ["--components", String(components), "--passes", "2"]);
  for (const [name, ours] of [["ours, to 1e-4 rad", converged], ["ours, at most two passes", twice]] as const) {
    console.log(`  ${name.padEnd(32)} ${time(ours)}  ${ours.megabytes.toFixed(0)} MB at the peak, ${ours.passes} passes, ${(ours.seconds / read.seconds).toFixed(2)} × reading twice, axes within ${ours.axisError.toExponential(1)} rad, variances within ${ours.varianceError.toExponential(1)}`);
  }
  const theirs = peer<PeerPca>("pca.py", ["sklearn", "numpy"], [file.path, file.rows, file.cols, components]);
  if (!theirs) return;
  console.log(`  ${"scikit-learn, randomised".padEnd(32)} ${time(theirs)}  ${theirs.megabytes.toFixed(0)} MB at the peak, and ${theirs.load.toFixed(1)} s to load the file: ${(theirs.seconds / converged.seconds).toFixed(1)} × and ${(theirs.seconds / twice.seconds).toFixed(1)} × our seconds`);
  const gap = Math.max(...theirs.variances.map((v, k) => Math.abs(converged.variances[k] / v - 1)));
  console.log(`  variances differ by at most ${gap.toExponential(1)} of themselves`);
}

async function umapTable(file: RowFile): Promise<void> {
  await writeTrajectories(file);
  console.log(`\nUMAP: ${file.rows} × ${file.cols} to 2 dimensions, 15 neighbours, reduction by PCA included`);
  const flat = measure<UmapFigures>("umap-flat", file);
  console.log(`  ${"ours".padEnd(32)} ${time(flat)}  trustworthiness ${flat.trustworthiness.toFixed(4)} (measured within that time)`);
  const js = measure<UmapFigures>("umap-umap-js", file);
  console.log(`  ${"umap-js, our neighbours".padEnd(32)} ${time(js)}  trustworthiness ${js.trustworthiness.toFixed(4)}`);
  const theirs = peer<PeerUmap>("umap.py", ["umap", "sklearn", "numpy"], [file.path, file.rows, file.cols]);
  if (!theirs) return;
  console.log(`  ${"umap-learn, seeded".padEnd(32)} ${time(theirs.seeded)}  trustworthiness ${theirs.seeded.trustworthiness.toFixed(4)} (by scikit-learn on ${theirs.sample} rows): ${(theirs.seeded.seconds / flat.seconds).toFixed(1)} × our seconds`);
  console.log(`  ${"umap-learn, its first run".padEnd(32)} ${time(theirs.first)}`);
  console.log(`  ${"umap-learn, unseeded, all cores".padEnd(32)} ${time(theirs.parallel)}`);
}

interface Cost {
  readonly seconds: number;
  /** Seconds of all threads together. */
  readonly cpu: number;
}

interface PcaFigures extends Cost {
  readonly megabytes: number;
  readonly passes: number;
  readonly variances: readonly number[];
  readonly axisError: number;
  readonly varianceError: number;
}

interface UmapFigures extends Cost {
  readonly trustworthiness: number;
}

interface PeerPca extends Cost {
  readonly load: number;
  readonly megabytes: number;
  readonly variances: readonly number[];
}

interface PeerUmap {
  readonly first: Cost;
  readonly seeded: UmapFigures;
  readonly parallel: Cost;
  readonly sample: number;
}

interface MeasureOptions {
  readonly components: number;
  readonly maxPasses: number;
}

type Measurement = (file: RowFile, options: MeasureOptions) => Promise<object>;

const umapMeasurement = (engine: UmapEngine): Measurement => (file) =>
  clocked(async () => {
    const source = await openRows(file);
    const picture = await umapProjection(source, {seed: 0, engine});
    await source.close();
    return {trustworthiness: picture.trust.trustworthiness, neighbours: picture.neighbours};
  });

/** Each runs in a process of its own, so that its memory is its own. */
const measurements: Readonly<Record<string, Measurement>> = {
  read: (file) =>
    clocked(async () => {
      const source = await openRows(file);
      let read = 0;
      for (let time = 0; time < 2; ++time) for await (const block of blocksOf(source)) read += block.count;
      await source.close();
      return {read};
    }),
  pca: (file, {components, maxPasses}) =>
    clocked(async () => {
      const source = await openRows(file);
      const pca = await fitPcaSource(source, {components, maxPasses, random: seededRandom(0), scores: true});
      await source.close();
      return {variances: pca.variances, passes: pca.passes, axisError: Math.max(...pca.axisErrors), varianceError: Math.max(...pca.varianceErrors)};
    }),
  ...Object.fromEntries(umapEngines.map((engine) => [`umap-${engine}`, umapMeasurement(engine)])),
};

async function clocked<T extends object>(work: () => Promise<T>): Promise<T & {seconds: number; cpu: number; megabytes: number}> {
  const start = performance.now();
  const before = process.cpuUsage();
  const found = await work();
  const {user, system} = process.cpuUsage(before);
  return {...found, seconds: (performance.now() - start) / 1e3, cpu: (user + system) / 1e6, megabytes: process.resourceUsage().maxRSS / 1024};
}

function measure<T extends Cost>(name: string, {path, rows, cols}: RowFile, extra: readonly string[] = []): T {
  const args = [...process.execArgv, process.argv[1], "projections", "--measure", name, "--file", path, "--rows", String(rows), "--width", String(cols), ...extra];
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
  return JSON.parse(execFileSync(python, [join(import.meta.dirname, "peers", script), ...args.map(String)], {encoding: "utf8", stdio: ["ignore", "pipe", "ignore"]})) as T;
}

const time = ({seconds, cpu}: Cost): string => `${seconds.toFixed(2).padStart(7)} s (CPU ${cpu.toFixed(2)} s)`;

const print = (value: object): void => console.log(JSON.stringify(value));

function count(name: string, text: string): number {
  const value = Number(text);
  if (!(Number.isInteger(value) && value >= 1)) throw new RangeError(`invalid ${name}: ${text}; expected a whole number from 1`);
  return value;
}
