import {readFileSync} from "node:fs";
import {z} from "zod";

/** This program, as traces and answers name it. */
export const software: {readonly name: string; readonly version: string} = z
  .object({name: z.string(), version: z.string()})
  .parse(JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")));
