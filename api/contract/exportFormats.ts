/** What a run can be written as, what such a file is called (its ending), its media type, and what is in it. A Projector export is a folder; over HTTP it comes as an archive. */
export const exportFormats = {
  npz: {ending: ".npz", type: "application/zip", about: "NumPy archive (.npz): every tensor"},
  safetensors: {ending: ".safetensors", type: "application/octet-stream", about: "safetensors: every tensor, bit for bit"},
  parquet: {ending: ".parquet", type: "application/vnd.apache.parquet", about: "Parquet: a row for each state"},
  "parquet-wide": {ending: "-wide.parquet", type: "application/vnd.apache.parquet", about: "Parquet, wide: a row for each trajectory"},
  csv: {ending: ".csv", type: "text/csv", about: "CSV: a row for each state"},
  projector: {ending: "-projector.zip", type: "application/zip", about: "TensorBoard Projector (.zip)"},
  atlas: {ending: "-atlas.parquet", type: "application/vnd.apache.parquet", about: "Embedding Atlas (Parquet)"}
} as const satisfies Record<string, {readonly ending: string; readonly type: string; readonly about: string}>;

export type ExportFormat = keyof typeof exportFormats;
export const exportFormatNames = Object.keys(exportFormats) as [ExportFormat, ...ExportFormat[]];

/** TensorBoard reads that many points and drops the rest without a word. */
export const MAX_PROJECTOR_POINTS = 100_000;
