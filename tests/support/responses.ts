import {request as httpRequest} from "node:http";
import {expect} from "vitest";
import {parseHeader, type SafetensorsHeader} from "../../capture/trace/safetensorsHeader.ts";

/** The status and the one line of an answer that refuses. */
export const errorOf = async (response: Response): Promise<[number, string]> => [
  response.status,
  ((await response.json()) as {error: string}).error
];

/** The tensors that a binary answer announces; the test fails where it refuses. */
export async function tensorsOf(response: Response): Promise<SafetensorsHeader> {
  expect(response.status).toBe(200);
  return parseHeader(new Uint8Array(await response.arrayBuffer()));
}

/** A request as no browser sends it: any header, and a path that is left as it is. */
export function rawStatus(url: string, path: string, headers: Record<string, string>): Promise<[number, string]> {
  const {hostname, port} = new URL(url);
  return new Promise((resolve, reject) => {
    httpRequest({hostname, port, path, headers}, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString())).on("end", () => resolve([response.statusCode!, text]));
    })
      .on("error", reject)
      .end();
  });
}
