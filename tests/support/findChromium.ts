import {execFileSync} from "node:child_process";
import {existsSync} from "node:fs";
import {installedChromium} from "../../api/report/installedChromium.ts";

/** What a test without a browser prints. */
export const NO_CHROMIUM =
  "no Chromium: the browser tests are skipped; install one (Debian: apt-get install chromium-headless-shell) or set CHROMIUM_PATH to its program";

let found: string | undefined | null = null;

/**
 * The path of a Chromium: CHROMIUM_PATH, else one that the system has; on Debian as root it is installed first. Undefined
 * where there is none, which is said in one line. Throws where CHROMIUM_PATH names no file.
 */
export function findChromium(): string | undefined {
  if (found === null) {
    found = installedChromium() ?? (canInstall() ? installedNow() : undefined);
    if (found === undefined) console.warn(NO_CHROMIUM);
  }
  return found;
}

const canInstall = (): boolean => process.getuid?.() === 0 && existsSync("/etc/debian_version");

function installedNow(): string | undefined {
  const apt = (...args: string[]) =>
    execFileSync("apt-get", args, {stdio: "ignore", env: {...process.env, DEBIAN_FRONTEND: "noninteractive"}});
  console.warn("installing Chromium for the browser tests (apt-get install chromium-headless-shell)");
  try {
    apt("update", "-qq");
    apt("install", "-y", "-qq", "--no-install-recommends", "chromium-headless-shell");
  } catch (error) {
    console.warn(`apt-get could not install Chromium: ${(error as Error).message.split("\n")[0]}`);
  }
  return installedChromium();
}
