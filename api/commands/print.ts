import {visible} from "../../capture/errorLine.ts";
import {withoutSecrets} from "../../capture/withoutSecrets.ts";

/** One JSON document on stdout; resolves when it is out, so that a long one survives the end of the program. */
export const printJson = (value: unknown): Promise<void> => print(JSON.stringify(value));

/** One line on stdout; what a terminal would obey is written out. */
export const print = (line: string): Promise<void> =>
  new Promise((resolve, reject) => {
    process.stdout.write(`${visible(line)}\n`, (error) => (error ? reject(error) : resolve()));
  });

/** One line on stderr: what a person may want to know and a program does not. */
export const note = (line: string): boolean => process.stderr.write(`${visible(withoutSecrets(line))}\n`);

/** A piece of text on stdout as it comes, its lines left as they are. */
export const printPart = (text: string): boolean => process.stdout.write(text.split("\n").map(visible).join("\n"));
