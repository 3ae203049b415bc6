import {execFileSync} from "node:child_process";
import {createHash} from "node:crypto";
import {copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";

/**
 * `npm run kernel` compiles products.as with AssemblyScript, fetched for the occasion (its compiler is 100 MB), and writes the module as text. That text is
 * committed, so that nothing is compiled where Orrery is installed.
 */
const COMPILER = "assemblyscript@0.28.20";
const OPTIONS = ["-O3", "--runtime", "stub", "--enable", "simd", "--noAssert"];

const sourceFile = fileURLToPath(new URL("products.as", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "kernel-"));
try {
  const [source, module] = [join(folder, "products.ts"), join(folder, "products.wasm")]; // the compiler wants that ending, with which tsc would read it, too
  copyFileSync(sourceFile, source);
  execFileSync("npx", ["--yes", "-p", COMPILER, "asc", source, ...OPTIONS, "-o", module], {stdio: "inherit"});
  const lines = [
    "/** Made by `npm run kernel` from products.as; not to be edited. */",
    `export const SOURCE_SHA256 = "${createHash("sha256").update(readFileSync(sourceFile)).digest("hex")}";`,
    "export const KERNEL =",
    `  "${readFileSync(module).toString("base64")}";`,
    ""
  ];
  writeFileSync(new URL("kernelBytes.ts", import.meta.url), lines.join("\n"));
} finally {
  rmSync(folder, {recursive: true});
}
