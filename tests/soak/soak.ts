import {existsSync} from "node:fs";
import {errorLine} from "../../capture/errorLine.ts";

const SOAKS = ["census", "hostileFiles", "large", "load", "nothingLost", "work"];

/** `npm run test:soak -- NAME [options]`: runs the `soak` that tests/soak/NAME.ts exports, the long form of a promise's test. */
const [name, ...args] = process.argv.slice(2);
const file = new URL(`./${name}.ts`, import.meta.url);
if (!SOAKS.includes(name) || !existsSync(file)) {
  console.error(`unknown soak: ${name ?? "none"}; one of ${SOAKS.join(", ")}`);
  process.exit(2);
}
const module = (await import(file.href)) as {soak: (args: readonly string[]) => Promise<void>};
try {
  await module.soak(args);
} catch (error) {
  console.error(errorLine(error));
  process.exitCode = 1;
}
