import {spawn} from "node:child_process";

/** Opens a link in the system's browser where there is one, and does not wait for it. On a machine without a screen it does nothing. */
export function openInBrowser(link: string): void {
  const opener = openerOf(process.platform, process.env);
  if (!opener) return;
  const child = spawn(opener, [link], {stdio: "ignore", detached: true});
  child.on("error", () => {}); // no such program: the link is printed
  child.unref();
}

function openerOf(platform: NodeJS.Platform, {DISPLAY, WAYLAND_DISPLAY}: NodeJS.ProcessEnv): string | undefined {
  if (platform === "darwin") return "open";
  if (platform === "win32") return "explorer.exe"; // not `start`, whose shell would read the link's &
  return DISPLAY || WAYLAND_DISPLAY ? "xdg-open" : undefined;
}
