import {z} from "zod";
import {jsonFileIfThere} from "../../../capture/trace/jsonFile.ts";
import {errorLine} from "../../../capture/errorLine.ts";
import {diskFault, Refusal} from "../../../capture/trace/refusal.ts";
import {HttpError} from "../../contract/httpError.ts";
import {checkLine} from "../../contract/checkLine.ts";
import {fileStamp} from "../../files/fileStamp.ts";
import {isTokenOf, type TokenBook} from "./tokens.ts";

/** What a person may be called. */
export const userNameSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/, "expected letters, digits, '.', '_', '@' and '-', at most 64");

/** The people of a lab server, and what is kept of their tokens. */
const usersSchema = z.strictObject({
  users: z.array(
    z.strictObject({
      name: userNameSchema,
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
  const json = await jsonFileIfThere(path, {maxBytes: MAX_BYTES, error: Refusal});
  if (json === undefined) throw new Refusal(`missing users file: ${path}; orrery token NAME --users ${path} makes it`, {kind: "unknown"});
  const parsed = usersSchema.safeParse(json);
  if (!parsed.success) throw new Refusal(`invalid users file: ${path}: ${checkLine(parsed.error, json)}`, {kind: "damaged"});
  return parsed.data;
}

/**
 * The users of a file, read again whenever it changes: a person taken out of it is out at once. While it cannot be read nobody is in: who shows a token is
 * told that, in a line that tells strangers nothing of the file, and `warn` is told why, once.
 */
export function usersBook(path: string, warn: (line: string) => void): TokenBook {
  let read: {readonly stamp: string | undefined; readonly users: Users} | undefined;
  let told: string | undefined;

  async function usersNow(): Promise<Users> {
    const stamp = await fileStamp(path);
    const now = stamp !== undefined && read?.stamp === stamp ? read : {stamp, users: await readUsers(path)};
    read = now;
    told = undefined;
    return now.users;
  }

  return {
    async visitorOf(token) {
      const {users} = await usersNow().catch((error: unknown) => {
        const line = errorLine(diskFault(error));
        if (line !== told) warn(`nobody who has a token of his own is let in: ${line}`);
        told = line;
        throw new HttpError(503, "the people's file of this server cannot be read, so that no token can be looked up; its log says why", {
          kind: "storage",
          cause: error
        });
      });
      const found = users.filter(({sha256}) => isTokenOf(sha256, token)).at(0); // every one is compared
      return found && {name: found.name, readOnly: found.read_only};
    }
  };
}
