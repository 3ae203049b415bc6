import {expect, it} from "vitest";
import {filterOf, periodProblem, queryOf, soughtOf} from "../../../app/runs/trajectoryFilter.ts";

const any = {label: "", period: "", text: "", model: ""} as const;

it("soughtOf keeps what is looked for in a link, and filterOf reads it back, whatever the token", () => {
  const filter = {...any, label: "orbit", text: "=&+ ", period: "3"} as const;
  expect(filterOf(soughtOf(filter))).toEqual(filter);
  expect(soughtOf(any)).toBe("");
  expect(filterOf("label=round&period=x")).toEqual({...any, period: "x"});
});

it("queryOf asks for no period that is none, which periodProblem names", () => {
  expect(queryOf({...any, label: "orbit", period: "3"}, 0)).toEqual({label: "orbit", period: 3, from: 0});
  expect(queryOf({...any, period: "x"}, 100)).toEqual({from: 100});
  expect(periodProblem({...any, period: "x"})).toBe("period x; expected a number above 0");
  expect(periodProblem({...any, period: "-1"})).toBe("period -1; expected a number above 0");
  expect(periodProblem(any)).toBeUndefined();
});
