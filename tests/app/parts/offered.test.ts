import {describe, expect, it} from "vitest";
import {EXIT_RULES} from "../../../api/contract/choices.ts";
import {offersRule, strategiesOf} from "../../../app/parts/offered.ts";
import {cacheStrategy} from "../../../capture/generate/cacheStrategy.ts";

describe("what a form offers of generating", () => {
  it.each([1, 2, 3, 4, 5, 6, 8])("is strategies that a core of %i blocks can have", (step_attentions) => {
    const names = strategiesOf({step_attentions}).map(([name]) => name);
    expect(names).toHaveLength(8);
    for (const name of names) expect(cacheStrategy(name, step_attentions).name).toBe(name);
  });
  it("is the gate where the model has one", () => {
    const offered = (not_offered: object) => EXIT_RULES.filter((rule) => offersRule({not_offered}, rule)).length;
    expect([offered({}), offered({exit_gate: "m has no exit gate"})]).toEqual([EXIT_RULES.length, EXIT_RULES.length - 1]);
  });
});
