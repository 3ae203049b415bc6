import {readFile} from "node:fs/promises";
import {fileURLToPath} from "node:url";

/** The script that every report carries inside. */
export interface ReportScript {
  readonly code: string;
  /** The style sheet's rules for the page, without the colours, which come from the script. */
  readonly css: string;
}

const sources = new URL("../../app/report/", import.meta.url);
const built = fileURLToPath(new URL("dist/report.js", sources));

/** Reads the script that `npm run build` made; makes it first where it is not there. */
export async function reportScript({rebuild = false}: {readonly rebuild?: boolean} = {}): Promise<ReportScript> {
  const code = rebuild ? undefined : await readFile(built, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  return {code: code ?? (await buildScript()), css: await readFile(new URL("report.css", sources), "utf8")};
}

async function buildScript(): Promise<string> {
  const {build} = await import("vite").catch((cause: unknown) => {
    throw new Error("missing report script: app/report/dist/report.js; run `npm run build`", {cause});
  });
  await build({configFile: fileURLToPath(new URL("vite.config.ts", sources))});
  return readFile(built, "utf8");
}
