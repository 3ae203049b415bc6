import {randomBytes} from "node:crypto";

/** A name for a new run or capture that sorts by time and reads a little: `20260131-142501-48-37-9f3a`. */
export function newName(date: Date, text: string): string {
  const time = date.toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "-");
  const words = text
    .normalize("NFKD")
    .replace(/[^A-Za-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40)
    .replace(/-+$/, "")
    .toLowerCase();
  return [time, ...(words ? [words] : []), randomBytes(2).toString("hex")].join("-");
}
