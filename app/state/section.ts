import type {View} from "./view.ts";

/** The pages that the header leads to. */
export const SECTIONS = ["runs", "experiments", "evaluations", "censuses", "trainings", "generate", "methods"] as const;
export type Section = (typeof SECTIONS)[number];

const WITHIN: Readonly<Partial<Record<NonNullable<View["page"]>, Section>>> = {trajectories: "runs", workers: "censuses"};

/** Where a view stands among them, as the value of aria-current: `page` for the page itself, `true` for what lies beneath it. */
export function currentSection({
  run,
  experiment,
  evaluation,
  census,
  training,
  page
}: Pick<View, "run" | "experiment" | "evaluation" | "census" | "training" | "page">): {
  readonly section: Section;
  readonly current: "page" | "true";
} {
  const beneath = {runs: run, experiments: experiment, evaluations: evaluation, censuses: census, trainings: training};
  const opened = SECTIONS.find((section) => beneath[section as keyof typeof beneath] !== undefined);
  if (opened) return {section: opened, current: "true"};
  const section = SECTIONS.find((one) => one === page);
  if (section) return {section, current: "page"};
  return page === undefined ? {section: "runs", current: "page"} : {section: WITHIN[page]!, current: "true"};
}
