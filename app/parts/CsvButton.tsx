import {saveCsv} from "../plot/csv.ts";
import {Icon} from "./Icon.tsx";

/** Saves a table as CSV. */
export function CsvButton({name, title, csv}: {name: string; title: string; csv: () => string}) {
  return (
    <button
      type="button"
      className="icon quiet"
      aria-label={`Save as CSV: ${title}`}
      title={`Save as CSV: ${title}`}
      onClick={() => saveCsv(name, csv())}
    >
      <Icon name="save" />
    </button>
  );
}
