import {execFileSync} from "node:child_process";
import {existsSync} from "node:fs";
import {cp, mkdir, mkdtemp, readdir, rm} from "node:fs/promises";
import {createRequire} from "node:module";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";

// `npm run native`: gives @tensorflow/tfjs-node its native library where only PyPI can be reached. TensorFlow's
// wheel for Python holds its C library and the headers; tfjs-node's addon is two C++ files that are compiled against them. Needs Linux,
// Python with pip, g++ and Node's headers; takes a minute, and 850 MB in node_modules. `npm ci` removes it again.

const WHEEL = "tensorflow-cpu==2.21.0"; // the version that the goldens were checked with
const WHEEL_PYTHON = "3.12"; // there is a wheel for it; the libraries in it do not depend on it
const LIBRARIES = ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"]; // the wheel's libtensorflow is a part of its C++ library
const NAPI_VERSION = "8"; // the addon's interface, and a part of the path at which tfjs-node looks for it

const interpreter = process.env.ORRERY_PYTHON?.split(",")[0] ?? "python3";
const run = (command: string, ...args: readonly string[]) => execFileSync(command, args, {stdio: ["ignore", "inherit", "inherit"]});

function nodeHeaders(): string {
  const places = [join(dirname(dirname(process.execPath)), "include/node"), "/usr/include/node", "/usr/local/include/node"];
  const found = places.find((place) => existsSync(join(place, "node_api.h")));
  if (!found) throw new Error(`no Node headers: node_api.h is in none of ${places.join(", ")}`);
  return found;
}

/** Unpacks what is needed of the wheel: its own libraries and headers. */
const UNPACK = `
import sys, zipfile
wheel, folder = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    archive.extractall(folder, [name for name in archive.namelist() if name.startswith("tensorflow/") and ("/include/" in name or "libtensorflow" in name)])
`;

async function build(): Promise<void> {
  const addon = dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-node/package.json"));
  const headers = nodeHeaders();
  const work = await mkdtemp(join(tmpdir(), "orrery-tfjs-node-"));
  try {
    run(
      interpreter,
      "-m",
      "pip",
      "download",
      "--quiet",
      "--no-deps",
      "--only-binary",
      ":all:",
      "--python-version",
      WHEEL_PYTHON,
      "--dest",
      work,
      WHEEL
    );
    const wheel = (await readdir(work)).find((name) => name.endsWith(".whl"));
    if (!wheel) throw new Error(`no wheel of ${WHEEL} for this machine`);
    run(interpreter, "-c", UNPACK, join(work, wheel), work);
    const tensorflow = join(work, "tensorflow");
    const libraries = join(addon, "deps/lib");
    const target = join(addon, `lib/napi-v${NAPI_VERSION}`);
    await mkdir(libraries, {recursive: true});
    await mkdir(target, {recursive: true});
    for (const library of LIBRARIES) await cp(join(tensorflow, library), join(libraries, library));
    run(
      "g++",
      "-std=c++17",
      "-O2",
      "-fPIC",
      "-shared",
      `-DNAPI_VERSION=${NAPI_VERSION}`,
      "-DNODE_GYP_MODULE_NAME=tfjs_binding",
      "-DBUILDING_NODE_EXTENSION",
      `-I${headers}`,
      `-I${addon}`,
      `-I${join(tensorflow, "include")}`,
      join(addon, "binding/tfjs_backend.cc"),
      join(addon, "binding/tfjs_binding.cc"),
      "-o",
      join(target, "tfjs_binding.node"),
      `-L${libraries}`,
      ...LIBRARIES.map((library) => `-l:${library}`),
      "-Wl,-rpath,$ORIGIN/../../deps/lib"
    );
  } finally {
    await rm(work, {recursive: true, force: true});
  }
  const probe =
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the other process fills it in
    "const tf = require('@tensorflow/tfjs-node'); console.log(`tfjs-node ${tf.version['tfjs-node']} computes with TensorFlow ${tf.backend().binding.TF_Version}`)";
  execFileSync(process.execPath, ["-e", probe], {
    stdio: "inherit",
    cwd: dirname(import.meta.dirname),
    env: {...process.env, TF_CPP_MIN_LOG_LEVEL: "2"}
  });
}

await build().catch((error: Error) => {
  console.error(`not built: ${error.message.split("\n")[0]}`);
  process.exitCode = 1;
});
