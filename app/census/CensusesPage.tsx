import {PATTERNS} from "../../api/contract/choices.ts";
import {JobsPage, type JobListing} from "../parts/JobsPage.tsx";
import {LabelSign} from "../parts/LabelSign.tsx";
import {Link} from "../parts/Link.tsx";

const CENSUSES: JobListing<"census"> = {
  kind: "census",
  title: "Censuses",
  note: "Every token of a data set, labelled; false discoveries controlled over all of it.",
  empty: (
    <>
      A census runs every prompt of a data set and keeps a row for each trajectory: its label, what it says and where it stands. One that a
      shell or many machines make with <code>orrery census</code> is shown here, too.
    </>
  ),
  links: <Link view={{page: "workers"}}>Workers</Link>,
  whole: {name: "Prompts", of: ({prompts}) => prompts},
  made: {name: "Model", cell: ({model}) => model},
  columns: [
    {name: "Steps", className: "number", cell: ({steps}) => steps},
    {name: "Labels", cell: ({counts}) => counts && <Counts counts={counts} />}
  ],
  list: async (source, signal) => {
    const {censuses: jobs, broken} = await source.censuses(signal);
    return {jobs, broken};
  },
  merged: (listed, told) => ({...told, counts: listed.counts}), // the events count no labels
  trash: {
    remove: (source, id) => source.removeCensus(id),
    restore: (source, id) => source.restoreCensus(id)
  }
};

/** Labels of whole data sets: what has been counted. */
export const CensusesPage = () => <JobsPage listing={CENSUSES} />;

const Counts = ({counts}: {readonly counts: Readonly<Record<string, number>>}) =>
  PATTERNS.map((label) => (
    <span key={label} className="census-count" title={label}>
      <LabelSign label={label} /> {counts[label]}
      <span className="visually-hidden"> {label}</span>
    </span>
  ));
