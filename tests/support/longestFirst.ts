import {BaseSequencer, type TestSpecification} from "vitest/node";

/**
 * Files with a browser are the longest, whatever their size: they begin, so that none of them is what a run ends with alone. Those that share a
 * process are the shortest, and end it: only files that follow one another can share one.
 */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const place = ({moduleId, project}: TestSpecification): number =>
      moduleId.includes("/tests/e2e/") ? 0 : project.config.isolate ? 1 : 2;
    return sorted.sort((a, b) => place(a) - place(b));
  }
}
