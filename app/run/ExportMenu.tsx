import type {ExportFormat} from "../../api/contract/contract.ts";
import type {RunData} from "./runData.ts";
import {exportAddress} from "../source/httpSource.ts";
import {Menu} from "../parts/Menu.tsx";

const FORMATS: readonly (readonly [ExportFormat, string])[] = [
  ["npz", "NumPy archive (.npz): every tensor"],
  ["safetensors", "safetensors: every tensor, bit for bit"],
  ["parquet", "Parquet: a row for each state"],
  ["parquet-wide", "Parquet, wide: a row for each trajectory"],
  ["csv", "CSV: a row for each state"],
  ["projector", "TensorBoard Projector (.zip)"],
  ["atlas", "Embedding Atlas (Parquet)"]
];
const MOST_PROJECTOR_POINTS = 100_000; // TensorBoard drops the rest without a word

/** The run as a file for other tools. */
export function ExportMenu({data: {summary, trace, names}}: {data: RunData}) {
  const points = (trace.steps_written + 1) * trace.inits.length * names.length;
  const refusalOf = (format: ExportFormat): string | undefined =>
    format === "projector" && points > MOST_PROJECTOR_POINTS ? `${points} points; at most ${MOST_PROJECTOR_POINTS}` : undefined;
  return (
    <Menu
      label="Export the run"
      title="The run as a file for other tools"
      menuLabel="Export as"
      items={FORMATS.map(([format, text]) => ({
        text,
        href: exportAddress(summary.id, format),
        refused: refusalOf(format)
      }))}
    >
      Export …
    </Menu>
  );
}
