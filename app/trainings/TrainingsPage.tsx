import {JobsPage, type JobListing} from "../parts/JobsPage.tsx";

const TRAININGS: JobListing<"training"> = {
  kind: "training",
  title: "Trainings",
  note: "Small looped models whose dynamics are known, and how they came by them.",
  empty:
    "A training makes a small looped model from a recipe, in minutes on a CPU: clocks that orbit, choices with two places to rest in. Its loss, its accuracy by depth and the trajectories of a prompt are drawn while it runs.",
  whole: {name: "Updates", of: ({updates}) => updates},
  made: {name: "Task", cell: ({task}) => task},
  columns: [],
  list: async (source, signal) => {
    const {trainings: jobs, broken} = await source.trainings(signal);
    return {jobs, broken};
  }
};

/** Training runs. */
export const TrainingsPage = () => <JobsPage listing={TRAININGS} />;
