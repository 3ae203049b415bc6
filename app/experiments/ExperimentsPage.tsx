import {JobsPage, type JobListing} from "../parts/JobsPage.tsx";

const EXPERIMENTS: JobListing<"experiment"> = {
  kind: "experiment",
  title: "Experiments",
  note: "Does a prompt end in the same place from every initial state?",
  empty: "An experiment starts each of many prompts from many initial states, and compares where they end and what they say there.",
  whole: {name: "Prompts", of: ({prompts}) => prompts},
  made: {name: "Model", cell: ({model}) => model},
  columns: [
    {name: "Steps", className: "number", cell: ({steps}) => steps},
    {name: "Own starts", className: "number", cell: ({inits}) => inits}
  ],
  list: async (source, signal) => {
    const {experiments: jobs, broken} = await source.experiments(signal);
    return {jobs, broken};
  },
  trash: {
    remove: (source, id) => source.removeExperiment(id),
    restore: (source, id) => source.restoreExperiment(id)
  }
};

/** Path independence over many prompts. */
export const ExperimentsPage = () => <JobsPage listing={EXPERIMENTS} />;
