import type {Response} from "express";

/** A safetensors message as an answer. */
export const sendTensors = (response: Response, bytes: Uint8Array): void => sendBytes(response, "application/octet-stream", bytes);

export function sendBytes(response: Response, type: string, {buffer, byteOffset, byteLength}: Uint8Array): void {
  response.type(type).send(Buffer.from(buffer, byteOffset, byteLength));
}
