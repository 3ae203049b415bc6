import {existsSync} from "node:fs";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {describe, expect, it} from "vitest";
import {promptPaths} from "../../../analysis/paths/promptPaths.ts";
import {seededRandom} from "../../../analysis/random.ts";
import {statesOf} from "../../../analysis/states.ts";
import {openSafetensors} from "../../../capture/trace/safetensors.ts";
import {ownStarts, runsOf} from "../../support/worlds.ts";

const folder = fileURLToPath(new URL("../../../../shared/huginn-trajectories", import.meta.url));
const missing = !existsSync(folder);
if (missing) console.log("real Huginn trajectories are skipped: ../shared/huginn-trajectories is missing");

async function pathsOf(name: string) {
  const file = await openSafetensors(join(folder, `${name}.safetensors`));
  const [steps, inits, tokens, width] = file.tensors.get("state")!.shape;
  const states = statesOf({steps, inits, tokens, width}, await file.readFloats("state"));
  await file.close();
  return promptPaths(runsOf(states, ownStarts(inits)), {random: seededRandom(1)}).tokens[0];
}

describe.skipIf(missing)("promptPaths of real Huginn states (bfloat16)", () => {
  it("finds one place after 64 steps, and the published contraction rate of 0.831 to 0.851 above the floor", async () => {
    const {verdict, contraction, finalCosine, floor, gap} = await pathsOf("track_n4_ns64");
    console.log(
      `64 steps: rate ${contraction!.rate.toFixed(4)} (${contraction!.interval!.map((x) => x.toFixed(4)).join(" to ")}) over steps ${contraction!.window.join(" to ")}, cosines ${finalCosine!.least.toFixed(5)} and above, floor ${floor.toFixed(4)}, measured ${contraction!.floor.toFixed(4)}, last gap ${gap.mean.at(-1)!.toFixed(4)}`
    );
    expect(verdict).toBe("independent");
    expect(contraction!.rate).toBeGreaterThan(0.831);
    expect(contraction!.rate).toBeLessThan(0.851);
    expect(finalCosine!.least).toBeGreaterThan(0.9997);
  });
  it("finds 16 steps too few to have arrived, with cosines of 0.993 to 0.998", async () => {
    const {verdict, contraction, finalCosine} = await pathsOf("track_n24_ns16");
    console.log(`16 steps: ${verdict}, rate ${contraction?.rate.toFixed(4)}, least cosine ${finalCosine!.least.toFixed(4)}`);
    expect(finalCosine!.least).toBeGreaterThan(0.992);
    expect(finalCosine!.mean).toBeLessThan(0.998);
    expect(verdict).not.toBe("dependent");
  });
});
