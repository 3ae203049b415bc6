import {BaseSequencer, type TestSpecification} from "vitest/node";

/** Files with a browser are the longest, whatever their size: they begin, so that none of them is what a run ends with alone. */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({moduleId}: TestSpecification): boolean => moduleId.includes("/tests/e2e/");
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
