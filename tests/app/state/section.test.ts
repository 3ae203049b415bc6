import {describe, expect, it} from "vitest";
import {viewOf} from "../../../app/state/address.ts";
import {currentSection, SECTIONS} from "../../../app/state/section.ts";

describe("currentSection", () => {
  it.each(SECTIONS)("a link of the header to %s is the page that it leads to", (section) => {
    expect(currentSection(viewOf(`?${section}`))).toEqual({section, current: "page"});
  });
  it.each([
    [{run: "a"}, "runs"],
    [{page: "trajectories"}, "runs"],
    [{experiment: "a"}, "experiments"],
    [{evaluation: "a"}, "evaluations"],
    [{census: "a"}, "censuses"],
    [{page: "workers"}, "censuses"],
    [{training: "a"}, "trainings"]
  ] as const)("%j lies beneath %s", (patch, section) => {
    expect(currentSection({...viewOf(""), ...patch})).toEqual({section, current: "true"});
  });
  it("an address that asks for nothing shows the runs", () => {
    expect(currentSection(viewOf(""))).toEqual({section: "runs", current: "page"});
  });
});
