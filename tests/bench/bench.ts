import {existsSync} from "node:fs";
import {errorLine} from "../../capture/errorLine.ts";

const BENCHES = [
  "firstOrbit",
  "patterns",
  "nullCount",
  "rival",
  "batches",
  "labels",
  "claims",
  "networks",
  "capture",
  "generate",
  "projections",
  "ui",
  "redraw",
  "size",
  "trace",
  "paths",
  "census",
  "train"
];

/** `npm run bench -- NAME [options]`: runs the `bench` that tests/bench/NAME.ts exports. */
const [bench, ...args] = process.argv.slice(2);
const file = new URL(`./${bench}.ts`, import.meta.url);
if (!BENCHES.includes(bench) || !existsSync(file)) {
  const present = BENCHES.filter((name) => existsSync(new URL(`./${name}.ts`, import.meta.url)));
  console.error(`unknown bench: ${bench ?? "none"}; one of ${present.join(", ")}`);
  process.exit(2);
}
const module = (await import(file.href)) as {bench: (args: readonly string[]) => void | Promise<void>};
try {
  await module.bench(args);
} catch (error) {
  console.error(errorLine(error));
  process.exitCode = 1;
}
