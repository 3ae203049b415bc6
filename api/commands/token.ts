import {examples} from "./options.ts";
import type {Stats} from "node:fs";
import {realpath, stat} from "node:fs/promises";
import {dirname} from "node:path";
import {ensureFolder} from "../../capture/trace/ensureFolder.ts";
import type {Command} from "commander";
import {z} from "zod";
import {ifThere} from "../../capture/trace/ifThere.ts";
import {holdingLease} from "../../capture/trace/lease.ts";
import {replaceFile} from "../../capture/trace/replaceFile.ts";
import {checkLine} from "../contract/checkLine.ts";
import {hashOf, newToken} from "../http/access/tokens.ts";
import {readUsers, userNameSchema, type Users} from "../http/access/users.ts";
import {note, print} from "./print.ts";
import {UsageError, userPath} from "./usage.ts";

interface TokenOptions {
  readonly users: string;
  readonly readOnly?: boolean;
  readonly remove?: boolean;
}

export function addToken(verb: Command): void {
  verb
    .requiredOption("--users <file>", "the people's file, which `orrery serve --users` reads; made where it is not there")
    .option("--read-only", "a guest, who may look at everything and change nothing")
    .option("--remove", "take the person out instead; a server that runs follows at once")
    .addHelpText("after", examples("token kim --users people.json", "token guest --users people.json --read-only"))
    .action(token);
}

async function token(name: string, {users: file, readOnly = false, remove = false}: TokenOptions): Promise<void> {
  const checked = z.object({name: userNameSchema}).safeParse({name});
  if (!checked.success) throw new UsageError(checkLine(checked.error, {name}));
  const named = userPath(file);
  const path = await ifThere(realpath(named), named); // a link stays one
  await ensureFolder(dirname(path));
  const line = await holdingLease(`${path}.lock`, `users file in use: ${path}`, async () => {
    const status = await ifThere(stat(path), undefined);
    const {users} = status ? await readUsers(path) : {users: []};
    const others = users.filter((user) => user.name !== name);
    if (!remove) {
      const made = newToken();
      await writeUsers(path, {users: [...others, {name, sha256: hashOf(made), read_only: readOnly}]}, status);
      return made;
    }
    if (others.length === users.length)
      throw new UsageError(`unknown user: ${name}; one of ${users.map((user) => user.name).join(", ") || "none"}`);
    await writeUsers(path, {users: others}, status);
    return undefined;
  });
  if (line === undefined) note(`${name} is out`);
  else await print(line);
}

/** Whole or not at all: for its owner alone, or for those who could read it before, a server under another account among them. */
const writeUsers = (path: string, users: Users, before: Stats | undefined): Promise<void> =>
  replaceFile(path, `${JSON.stringify(users, undefined, 1)}\n`, {
    mode: before ? before.mode & 0o777 : 0o600,
    ...(before && before.uid !== process.getuid?.() && {owner: before})
  });
