/** One JSON document on stdout; resolves when it is out, so that a long one survives the end of the program. */
export const printJson = (value: unknown): Promise<void> => print(JSON.stringify(value));

/** One line on stdout. */
export const print = (line: string): Promise<void> =>
  new Promise((resolve, reject) => {
    process.stdout.write(`${line}\n`, (error) => (error ? reject(error) : resolve()));
  });

/** One line on stderr: what a person may want to know and a program does not. */
export const note = (line: string): boolean => process.stderr.write(`${line}\n`);
