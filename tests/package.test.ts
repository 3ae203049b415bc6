import {execFile, spawn} from "node:child_process";
import {writeFile} from "node:fs/promises";
import {dirname, join} from "node:path";
import {promisify} from "node:util";
import {expect, it} from "vitest";
import {temporaryFolder} from "./support/temporaryFolder.ts";

const run = promisify(execFile);
const root = dirname(import.meta.dirname);

const UNREACHABLE = /ENOTCACHED|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|ETIMEDOUT|network/i;

/** Installs the package in an empty folder; says in one line why it cannot where the registry is not to be reached. */
async function installed(tarball: string): Promise<string | undefined> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "package.json"), "{}");
  try {
    const options = ["--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts", "--fetch-retries=0"]; // scripts fetch what is not needed here
    await run("npm", ["install", ...options, tarball], {cwd: folder});
    return folder;
  } catch (error) {
    const {stderr} = error as {stderr: string};
    if (!UNREACHABLE.test(stderr)) throw error;
    console.log(`skipped: npm cannot install the package's libraries here (${stderr.split("\n")[0]})`);
    return undefined;
  }
}

/** The first line that a program says. */
const firstLine = (program: ReturnType<typeof spawn>): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = "";
    program.stdout!.on("data", (more: Buffer) => {
      text += more.toString();
      if (text.includes("\n")) resolve(text.slice(0, text.indexOf("\n")));
    });
    program.on("exit", (code) => reject(new Error(`ended with ${code} and said ${JSON.stringify(text)}`)));
  });

it("npm pack gives a package that serves its built page from an empty folder", async (context) => {
  const packs = await temporaryFolder();
  const {stdout} = await run("npm", ["pack", "--json", "--ignore-scripts=false", "--pack-destination", packs], {cwd: root});
  const [{filename, files}] = JSON.parse(stdout.slice(stdout.indexOf("[\n"))) as {filename: string; files: {path: string}[]}[];
  expect(files.map(({path}) => path)).toEqual(expect.arrayContaining(["LICENSE", "README.md", "app/dist/index.html", "bin/orrery.mjs"]));
  expect(files.filter(({path}) => /^tests\/|\.tsx$|node_modules/.test(path))).toEqual([]);
  const folder = await installed(join(packs, filename));
  if (!folder) return context.skip();
  const server = spawn(process.execPath, [join(folder, "node_modules/.bin/orrery"), "serve", "--port", "0"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"]
  });
  try {
    const url = (await firstLine(server)).replace("Orrery is at ", "").replace(/\/?$/, "/");
    const page = await (await fetch(url)).text();
    expect(page).toContain('<div id="root">');
    const script = /src="\.\/([^"]+)"/.exec(page)![1];
    expect((await fetch(new URL(script, url))).headers.get("content-type")).toContain("javascript");
    expect(await (await fetch(new URL("api/runs", url))).json()).toMatchObject({broken: []});
  } finally {
    server.kill();
  }
});
