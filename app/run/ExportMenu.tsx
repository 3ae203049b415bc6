import {exportFormatNames, exportFormats, MAX_PROJECTOR_POINTS, type ExportFormat} from "../../api/contract/choices.ts";
import type {RunData} from "./runData.ts";
import {exportAddress} from "../source/httpSource.ts";
import {Menu} from "../parts/Menu.tsx";

/** The run as a file for other tools. */
export function ExportMenu({data: {summary, trace, names}}: {data: RunData}) {
  const points = (trace.steps_written + 1) * trace.inits.length * names.length;
  const refusalOf = (format: ExportFormat): string | undefined =>
    format === "projector" && points > MAX_PROJECTOR_POINTS ? `${points} points; at most ${MAX_PROJECTOR_POINTS}` : undefined;
  return (
    <Menu
      label="Export the run"
      title="The run as a file for other tools"
      menuLabel="Export as"
      items={exportFormatNames.map((format) => ({
        text: exportFormats[format].about,
        href: exportAddress(summary.id, format),
        refused: refusalOf(format)
      }))}
    >
      Export …
    </Menu>
  );
}
