import {execFileSync} from "node:child_process";

/** Runs Python code with arguments (`sys.argv[1:]`) and gives what it printed. Throws with Python's own words where it fails. */
export type Python = (code: string, ...args: readonly string[]) => string;

/** Those in `ORRERY_PYTHON`, joined by commas; else the one on the path and the system's, which a distribution's own packages install into. */
const interpreters = process.env.ORRERY_PYTHON?.split(",") ?? ["python3", "/usr/bin/python3"];

const pythonOf =
  (interpreter: string): Python =>
  (code, ...args) =>
    execFileSync(interpreter, ["-c", code, ...args], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      maxBuffer: 2 ** 28,
      env: {...process.env, PYTHONDONTWRITEBYTECODE: "1"}
    });

/** The first Python that can import the modules; where there is none, says so in one line, so that a skip is seen. */
export function pythonWith(...modules: readonly string[]): Python | undefined {
  const found = interpreters.map(pythonOf).find((python) => canImport(python, modules));
  if (!found) saySkipped(modules);
  return found;
}

/** Every Python that can import the modules, as to try a script with several versions of a library; says so where there is none. */
export function everyPythonWith(...modules: readonly string[]): readonly Python[] {
  const found = interpreters.map(pythonOf).filter((python) => canImport(python, modules));
  if (found.length === 0) saySkipped(modules);
  return found;
}

function canImport(python: Python, modules: readonly string[]): boolean {
  try {
    python(`import ${modules.join(", ")}`);
    return true;
  } catch {
    return false; // not there, or without the modules: the next one may have them
  }
}

const saySkipped = (modules: readonly string[]): void =>
  console.log(
    `skipped: no Python that imports ${modules.join(", ")} among ${interpreters.join(", ")} (set ORRERY_PYTHON to one that does)`
  );
