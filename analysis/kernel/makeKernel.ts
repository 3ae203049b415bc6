import {execFileSync} from "node:child_process";
import {createHash} from "node:crypto";
import {copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";

/**
 * `npm run kernel` compiles the .as files with AssemblyScript, fetched for the occasion (its compiler is 100 MB), and writes the module as text. That text is
 * committed, so that nothing is compiled where Orrery is installed.
 */
const COMPILER = "assemblyscript@0.28.20";
const OPTIONS = ["-O3", "--runtime", "stub", "--enable", "simd", "--noAssert", "--initialMemory", "640"];
const SOURCES = ["products", "functions"];

const sourceFile = (name: string): string => fileURLToPath(new URL(`${name}.as`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "kernel-"));
try {
  const module = join(folder, "kernel.wasm");
  const copies = SOURCES.map((name) => join(folder, `${name}.ts`)); // the compiler wants that ending, with which tsc would read it, too
  SOURCES.forEach((name, i) => copyFileSync(sourceFile(name), copies[i]));
  execFileSync("npx", ["--yes", "-p", COMPILER, "asc", ...copies, ...OPTIONS, "-o", module], {stdio: "inherit"});
  const hash = createHash("sha256");
  for (const name of SOURCES) hash.update(readFileSync(sourceFile(name)));
  const lines = [
    "/** Made by `npm run kernel` from products.as and functions.as, one after the other; not to be edited. */",
    `export const SOURCE_SHA256 = "${hash.digest("hex")}";`,
    "export const KERNEL =",
    `  "${readFileSync(module).toString("base64")}";`,
    ""
  ];
  writeFileSync(new URL("kernelBytes.ts", import.meta.url), lines.join("\n"));
} finally {
  rmSync(folder, {recursive: true});
}
