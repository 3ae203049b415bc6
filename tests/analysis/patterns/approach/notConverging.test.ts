import {describe, expect, it} from "vitest";
import {notConverging} from "../../../../analysis/patterns/approach/contraction.ts";
import {argumentsOf} from "../../../../analysis/patterns/argument.ts";
import {classifyPath} from "../../../../analysis/patterns/classifyRun.ts";
import {seededRandom} from "../../../../analysis/random.ts";
import {CHAOS_NULLS} from "../../../support/chaosNulls.ts";
import {HARD_NULLS} from "../../../support/hardNulls.ts";
import {shape} from "../../../support/planarPaths.ts";
import {contractionPath} from "../../../support/trajectories.ts";

const NULLS = Object.entries({...HARD_NULLS, ...CHAOS_NULLS});

describe("notConverging", () => {
  it.each(NULLS)("%s: no path without a label is left without a reason", (_name, {make}) => {
    for (let seed = 0; seed < 3; ++seed) {
      const verdict = classifyPath(make({random: seededRandom(seed), steps: 32, width: 64}));
      if (verdict.pattern === "unsettled") expect(notConverging(verdict.evidence.converging)).toMatch(/^.{12,120}$/);
    }
  });

  it("names what its p-value leaves open where nothing speaks against it", () => {
    const reasonsOf = (name: string): (string | undefined)[] =>
      Array.from({length: 30}, (_, seed) => classifyPath(HARD_NULLS[name].make({random: seededRandom(seed), steps: 32, width: 64})))
        .filter(({pattern, evidence}) => pattern === "unsettled" && evidence.converging.against.length === 0)
        .map(({evidence}) => notConverging(evidence.converging));
    expect(reasonsOf("noise of short memory that calms down")).toContain(
      "its directions may come anew at every step, as those of noise that calms down do"
    );
    expect(reasonsOf("telegraph noise")).toContainEqual(
      expect.stringMatching(/^comes from \d+\.\d× the noise of its end; (4|6\.5|12) needed$/)
    );
  });

  it("stands beside the p-value in its argument", () => {
    const verdicts = Array.from({length: 60}, (_, seed) => classifyPath(contractionPath(shape(seed, {amplitude: 1.5})).path));
    const open = verdicts.find(({pattern, evidence: {converging}}) => pattern === "unsettled" && converging.unsure !== undefined)!;
    const beyondChance = argumentsOf(open, 0.001).converging.find(({test}) => test.startsWith("beyond chance"))!;
    expect(beyondChance.needed).toBe(`q ≤ 0.001 over the whole run; else ${open.evidence.converging.unsure}`);
  });

  it("of a contraction there is none", () => {
    const {pattern, evidence} = classifyPath(contractionPath(shape(3, {amplitude: 100})).path);
    expect([pattern, notConverging(evidence.converging)]).toEqual(["converging", undefined]);
  });
});
