import {USUAL_ROWS} from "../../api/contract/choices.ts";

interface PagesProps {
  /** Rows there are. */
  readonly total: number;
  /** The first that is shown, from 0. */
  readonly from: number;
  readonly onTurn: (from: number) => void;
}

/** The way to the rows before and after those that one answer has; nothing where it has them all. */
export function Pages({total, from, onTurn}: PagesProps) {
  if (total <= USUAL_ROWS) return null;
  return (
    <p className="row-pages">
      <button type="button" className="quiet" disabled={from === 0} onClick={() => onTurn(from - USUAL_ROWS)}>
        Before
      </button>
      {from + 1} to {Math.min(from + USUAL_ROWS, total)} of {total}
      <button type="button" className="quiet" disabled={from + USUAL_ROWS >= total} onClick={() => onTurn(from + USUAL_ROWS)}>
        Next
      </button>
    </p>
  );
}
