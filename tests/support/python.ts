import {execFileSync} from "node:child_process";

/** The interpreter that foreign-reader tests run: `ORRERY_PYTHON`, else `python3`. */
const interpreter = process.env.ORRERY_PYTHON ?? "python3";

/** Runs Python code with arguments (`sys.argv[1:]`) and gives what it printed. Throws with Python's own words where it fails. */
export const python = (code: string, ...args: readonly string[]): string =>
  execFileSync(interpreter, ["-c", code, ...args], {encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], maxBuffer: 2 ** 28});

/** What `code` prints as JSON. */
export const pythonJson = (code: string, ...args: readonly string[]): unknown => JSON.parse(python(code, ...args));

/** Whether Python is there and can import the modules; where not, says so in one line, so that a skip is seen. */
export function pythonHas(...modules: readonly string[]): boolean {
  try {
    python(`import ${modules.join(", ")}`);
    return true;
  } catch {
    console.log(`skipped: ${interpreter} cannot import ${modules.join(", ")} (set ORRERY_PYTHON to one that can)`);
    return false;
  }
}
