import {expect, it} from "vitest";
import {classifyPath} from "../../../analysis/patterns/classifyRun.ts";
import {WANDERS} from "../../../analysis/patterns/approach/wanders.ts";
import {seededRandom} from "../../../analysis/random.ts";
import {AGEING_NULLS} from "../../support/ageingNulls.ts";

it.each(["far states, then noise", "ageing walk", "noise whose covariance turns", "noise of two sizes", "places kept for long"])(
  "%s is not converging",
  (name) => {
    const random = seededRandom(8);
    for (let i = 0; i < 12; ++i)
      expect(classifyPath(AGEING_NULLS[name].make({random, steps: 32, width: 64})).pattern).not.toBe("converging");
  }
);

it("what follows a walk comes near and walks on: its end wanders, and says so", () => {
  const random = seededRandom(9);
  const verdicts = Array.from({length: 40}, () =>
    classifyPath(AGEING_NULLS["follower of a target that moves"].make({random, steps: 64, width: 64}))
  );
  expect(verdicts.filter(({pattern}) => pattern === "converging").length).toBeLessThanOrEqual(2);
  expect(verdicts.filter(({evidence}) => evidence.converging.against.includes(WANDERS)).length).toBeGreaterThan(3);
});

it("what creeps quicker and slower by turns is hardly ever converging, however long it is slow", () => {
  const random = seededRandom(10);
  const paths = Array.from({length: 60}, () => AGEING_NULLS["creep quicker and slower by turns"].make({random, steps: 64, width: 64}));
  expect(paths.filter((path) => classifyPath(path).pattern === "converging").length).toBeLessThanOrEqual(1);
});
