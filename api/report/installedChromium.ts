import {existsSync} from "node:fs";
import {delimiter, join} from "node:path";
import {Refusal} from "../../capture/trace/refusal.ts";

/** Chromium without a window's tabs and bars: all of the engine, in little more than half of the processor's time. */
const SHELLS = ["chromium-headless-shell", "chrome-headless-shell"];
const NAMES = [...SHELLS, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const MAC_PATHS = ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium"];

/** The program of a Chromium that this machine has: CHROMIUM_PATH, else one by its usual names; undefined where there is none. Throws where CHROMIUM_PATH names no file. */
export function installedChromium(): string | undefined {
  const given = process.env.CHROMIUM_PATH;
  if (given && !existsSync(given)) throw new Refusal(`invalid CHROMIUM_PATH: ${given}; expected the path of a Chromium program`);
  const folders = (process.env.PATH ?? "").split(delimiter);
  return given || [...NAMES.flatMap((name) => folders.map((folder) => join(folder, name))), ...MAC_PATHS].find(existsSync);
}
