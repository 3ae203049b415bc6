import {engineKinds} from "../../../capture/engine/choices.ts";
import {describeGoldens} from "../../support/describeGoldens.ts";
import {hasWholeGolden, wholeGolden} from "../../support/golden.ts";

if (!hasWholeGolden) console.log(`golden: the shipped files only; the whole set is not at ${wholeGolden}`);
process.env.ORRERY_TFJS = "wasm"; // the native backend has a file, and a process, of its own

for (const kind of engineKinds) describeGoldens(kind);
