import {expect, it} from "vitest";
import {classifyPath} from "../../../analysis/patterns/classifyRun.ts";
import {seededRandom} from "../../../analysis/random.ts";
import {AGEING_NULLS} from "../../support/ageingNulls.ts";

it.each(["ageing walk", "noise whose covariance turns", "noise of two sizes", "places kept for long"])("%s is not converging", (name) => {
  const random = seededRandom(8);
  for (let i = 0; i < 12; ++i) expect(classifyPath(AGEING_NULLS[name].make({random, steps: 32, width: 64})).pattern).not.toBe("converging");
});
