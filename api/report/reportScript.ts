import {readFile} from "node:fs/promises";
import {fileURLToPath} from "node:url";
import {ifThere} from "../../capture/trace/ifThere.ts";
import {Refusal} from "../../capture/trace/refusal.ts";

/** What every report carries inside beside its data. */
export interface ReportScript {
  /** The plots and what moves them, one script that needs nothing else. */
  readonly code: string;
  /** The style sheet's rules, without the colours, which come from the script. */
  readonly css: string;
}

const sources = new URL("../../app/report/", import.meta.url);

/** Reads the script that `npm run build` made; makes it from the sources where it is not there. */
export async function reportScript(): Promise<ReportScript> {
  const code = await ifThere(readFile(new URL("dist/report.js", sources), "utf8"), undefined);
  return code === undefined ? builtScript() : {code, css: await rules()};
}

/** Makes the script from the sources, and leaves no file. Throws where the build tool is not installed. */
export async function builtScript(): Promise<ReportScript> {
  const {build} = await import("vite").catch((cause: unknown) => {
    throw new Refusal("missing report script: app/report/dist/report.js; run `npm run build`", {kind: "unusable", cause});
  });
  const outputs = await build({configFile: fileURLToPath(new URL("vite.config.ts", sources)), build: {write: false}});
  const [
    {
      output: [chunk]
    }
  ] = outputs as {output: {code: string}[]}[];
  return {code: chunk.code, css: await rules()};
}

const rules = (): Promise<string> => readFile(new URL("report.css", sources), "utf8");
