import {tfjsBackend} from "../../../capture/engine/tfjs/backend.ts";
import {describeGoldens} from "../../support/describeGoldens.ts";

const {name} = await tfjsBackend((line) => console.log(`skipped: ${line} (npm run native makes it)`));

describeGoldens("tfjs", {isMissing: name !== "tfjs-node"});
