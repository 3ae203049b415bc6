import {saveBlob} from "./saveBlob.ts";
import {answerOf, refusalOf} from "./transport.ts";

/**
 * Saves what an address answers with, under the name that it gives. Fetched and not followed, so that a refusal is an Error of the
 * server's one line, and never a file that holds it. Throws too where none comes, and where the answer ends before its length.
 */
export async function download(href: string, {fetch = globalThis.fetch}: {readonly fetch?: typeof globalThis.fetch} = {}): Promise<void> {
  const response = await answerOf(fetch(href));
  if (!response.ok) throw await refusalOf(response);
  saveBlob(nameOf(response, href), await response.blob());
}

/** The name in the answer's content-disposition, as RFC 6266 writes it; else the address's last part. */
function nameOf({headers}: Response, href: string): string {
  const disposition = headers.get("content-disposition") ?? "";
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1];
  if (encoded !== undefined) return decodeURIComponent(encoded);
  return /filename="?([^";]+)"?/i.exec(disposition)?.[1] ?? new URL(href, location.href).pathname.split("/").at(-1)!;
}
