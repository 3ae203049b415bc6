import type {Remote} from "../source/remote.ts";

interface FailedProps {
  readonly of: Extract<Remote<unknown>, {status: "failed"}>;
  /** What is missing, as in "No labels". */
  readonly what?: string;
  /** Where it stands, beside being a note. */
  readonly place?: string;
}

/** What could not be had, and another try: a line that was gone for a moment needs no reload of the page. */
export const Failed = ({of: {error, again}, what, place = ""}: FailedProps) => (
  <p className={`note ${place}`.trim()}>
    {what === undefined ? "" : `${what}: `}
    {error.message}{" "}
    <button type="button" className="link" onClick={again}>
      Try again
    </button>
  </p>
);
