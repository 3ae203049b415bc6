import {z} from "zod";
import {jsonFileIfThere} from "../../../capture/trace/jsonFile.ts";
import {checkLine} from "../../contract/checkLine.ts";
import {fileStamp} from "../../files/fileStamp.ts";
import {isTokenOf, type TokenBook} from "./tokens.ts";

/** The people of a lab server, and what is kept of their tokens. */
export const usersSchema = z.strictObject({
  users: z.array(
    z.strictObject({
      name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/, "expected letters, digits, '.', '_', '@' and '-', at most 64"),
      /** SHA-256 of the token, hexadecimal. */
      sha256: z.string().regex(/^[0-9a-f]{64}$/, "expected 64 hexadecimal digits"),
      /** A guest, who may look at everything and change nothing; defaults to false. */
      read_only: z.boolean().default(false)
    })
  )
});
export type Users = z.infer<typeof usersSchema>;

const MAX_BYTES = 4 * 2 ** 20; // of some twenty thousand people

/** Reads a file of users; throws one line that says what is wrong with it. */
export async function readUsers(path: string): Promise<Users> {
  const json = await jsonFileIfThere(path, {maxBytes: MAX_BYTES, error: Error});
  if (json === undefined) throw new Error(`missing users file: ${path}; orrery token NAME --users ${path} makes it`);
  const parsed = usersSchema.safeParse(json);
  if (!parsed.success) throw new Error(`invalid users file: ${path}: ${checkLine(parsed.error, json)}`);
  return parsed.data;
}

/** The users of a file, read again whenever it changes: a person taken out of it is out at once. While it cannot be read, nobody is in. */
export function usersBook(path: string): TokenBook {
  let read: {readonly stamp: string | undefined; readonly users: Promise<Users>} | undefined;
  return {
    async visitorOf(token) {
      const stamp = await fileStamp(path);
      if (!read || read.stamp !== stamp) read = {stamp, users: readUsers(path)};
      const {users} = await read.users;
      const found = users.filter(({sha256}) => isTokenOf(sha256, token)).at(0); // every one is compared
      return found && {name: found.name, readOnly: found.read_only};
    }
  };
}
