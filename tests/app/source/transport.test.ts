import {expect, it} from "vitest";
import {createTransport, ServerError} from "../../../app/source/transport.ts";

const transport = (answer: () => Promise<Response>) => createTransport({base: "http://localhost", fetch: answer});

it("says that the server does not answer, and not a browser's words for it", async () => {
  const failed = new TypeError("Failed to fetch");
  const asked = transport(() => Promise.reject(failed)).json("/api/runs");
  await expect(asked).rejects.toThrow(/^the server does not answer$/);
  await expect(asked).rejects.toMatchObject({cause: failed});
  await expect(asked).rejects.not.toBeInstanceOf(ServerError);
});

it("hands on a cancelled question's own error", async () => {
  const asked = transport(() => Promise.reject(new DOMException("gone", "AbortError"))).json("/api/runs");
  await expect(asked).rejects.toMatchObject({name: "AbortError"});
});

it("says what the server refused with, and with which status", async () => {
  const asked = transport(async () => Response.json({error: "no run 7"}, {status: 404})).json("/api/runs/7");
  await expect(asked).rejects.toMatchObject({name: "ServerError", status: 404, message: "no run 7"});
});
