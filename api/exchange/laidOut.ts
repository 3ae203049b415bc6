import {open, statfs} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {Refusal} from "../../capture/trace/refusal.ts";
import {passingBeside} from "../files/passing.ts";
import type {BareState} from "./bareStates.ts";
import {arrayBytes, fileBytes} from "./namedArray.ts";
import {storedArray} from "./storedArray.ts";

/**
 * What `use` makes of states that can only be read from their beginning, as in a compressed archive, laid out in a temporary file where any part of them can be
 * read. Throws a Refusal where the machine's folder for such files has no room for them.
 */
export async function laidOut<T>(state: BareState, use: (state: BareState) => Promise<T>): Promise<T> {
  const {array} = state;
  const bytes = arrayBytes(array);
  const {bavail, bsize} = await statfs(tmpdir());
  if (bytes > bavail * bsize)
    throw new Refusal(
      `too little disk: ${array.name} takes ${bytes} bytes where any token can be read, and ${tmpdir()} has room for ${bavail * bsize}; expected TMPDIR to name a larger place`,
      {kind: "full"}
    );
  const passing = await passingBeside(join(tmpdir(), "states"));
  try {
    const file = await open(passing.fresh, "wx");
    try {
      for await (const piece of array.bytes()) await file.writeFile(piece);
    } finally {
      await file.close();
    }
    const {name, dtype, shape} = array;
    return await use({...state, array: storedArray({name, dtype, shape}, (from, length) => fileBytes(passing.fresh, from, length))});
  } finally {
    await passing.remove();
  }
}
