import {MAX_BODY_BYTES} from "../contract/choices.ts";
import express, {type RequestHandler} from "express";
import {HttpError} from "../contract/httpError.ts";

const MAX_DEPTH = 32; // of lists and objects in one another; requests have 5

/** Reads a JSON body; refuses one that is too large, no JSON, or too deep for what checks it afterwards. */
export const jsonBody = (): RequestHandler =>
  express.json({
    limit: MAX_BODY_BYTES,
    verify(_request, _response, bytes) {
      if (isDeep(bytes)) throw new HttpError(400, `invalid body: nested more than ${MAX_DEPTH} deep`);
    }
  });

/** Counts brackets outside strings. */
function isDeep(bytes: Uint8Array): boolean {
  const [quote, backslash] = [0x22, 0x5c];
  let depth = 0;
  let inString = false;
  for (let i = 0; i < bytes.length; ++i) {
    const byte = bytes[i];
    if (inString) {
      if (byte === backslash) ++i;
      else if (byte === quote) inString = false;
    } else if (byte === quote) inString = true;
    else if (byte === 0x5b || byte === 0x7b) {
      if (++depth > MAX_DEPTH) return true;
    } else if (byte === 0x5d || byte === 0x7d) --depth;
  }
  return false;
}
