import {JobsPage, type JobListing} from "../parts/JobsPage.tsx";
import {isDepth} from "./setting.ts";

const EVALUATIONS: JobListing<"evaluation"> = {
  kind: "evaluation",
  title: "Evaluations",
  note: "How right is the model after so many steps?",
  empty:
    "An evaluation answers every item of a task at several depths, under exit rules and cache strategies, and tells where the answer was right first and last.",
  whole: {name: "Items", of: ({items}) => items},
  made: {name: "Model", cell: ({model}) => model},
  columns: [
    {
      name: "Depths",
      cell: ({settings}) =>
        settings
          .filter(isDepth)
          .map(({steps}) => steps)
          .join(", ")
    },
    {name: "Rules and caches", className: "number", cell: ({settings}) => settings.filter((setting) => !isDepth(setting)).length}
  ],
  list: async (source, signal) => {
    const {evaluations: jobs, broken} = await source.evaluations(signal);
    return {jobs, broken};
  },
  trash: {
    remove: (source, id) => source.removeEvaluation(id),
    restore: (source, id) => source.restoreEvaluation(id)
  }
};

/** Accuracy by depth. */
export const EvaluationsPage = () => <JobsPage listing={EVALUATIONS} />;
