import {visible} from "../../capture/trace/visible.ts";
import {withoutSecrets} from "../../capture/withoutSecrets.ts";

/** One JSON document on stdout, in parts, since a text ends at V8's limit; resolves when it is out, so that a long one survives the end of the program. */
export async function printJson(value: unknown): Promise<void> {
  for (const part of jsonParts(value)) await written(visible(part));
  await written("\n");
}

const ELEMENTS_AT_ONCE = 1000;

/** JSON of a value, the arrays of an object some elements at a time; what they are joined to is `JSON.stringify`'s. */
export function* jsonParts(value: unknown): Generator<string, void, undefined> {
  if (typeof value !== "object" || value === null || Array.isArray(value) || "toJSON" in value) return yield JSON.stringify(value);
  let before = "{";
  for (const [key, own] of Object.entries(value)) {
    const text = Array.isArray(own) && own.length > ELEMENTS_AT_ONCE ? undefined : JSON.stringify(own);
    if (text !== undefined) yield `${before}${JSON.stringify(key)}:${text}`;
    else if (Array.isArray(own)) {
      yield `${before}${JSON.stringify(key)}:[`;
      for (let from = 0; from < own.length; from += ELEMENTS_AT_ONCE)
        yield `${from === 0 ? "" : ","}${JSON.stringify(own.slice(from, from + ELEMENTS_AT_ONCE)).slice(1, -1)}`;
      yield "]";
    } else continue; // undefined, a function: JSON leaves them out
    before = ",";
  }
  yield before === "{" ? "{}" : "}";
}

/** One line on stdout; what a terminal would obey is written out. */
export const print = (line: string): Promise<void> => written(`${visible(line)}\n`);

const written = (text: string): Promise<void> =>
  new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => (error ? reject(error) : resolve()));
  });

/** One line on stderr: what a person may want to know and a program does not. */
export const note = (line: string): boolean => process.stderr.write(`${visible(withoutSecrets(line))}\n`);

/** A piece of text on stdout as it comes, its lines left as they are. */
export const printPart = (text: string): boolean => process.stdout.write(text.split("\n").map(visible).join("\n"));
