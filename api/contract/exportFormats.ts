/** What a run can be written as, and what such a file is called: its ending, and its media type. A Projector export is a folder; over HTTP it comes as an archive. */
export const exportFormats = {
  npz: {ending: ".npz", type: "application/zip"},
  safetensors: {ending: ".safetensors", type: "application/octet-stream"},
  parquet: {ending: ".parquet", type: "application/vnd.apache.parquet"},
  "parquet-wide": {ending: "-wide.parquet", type: "application/vnd.apache.parquet"},
  csv: {ending: ".csv", type: "text/csv"},
  projector: {ending: "-projector.zip", type: "application/zip"},
  atlas: {ending: "-atlas.parquet", type: "application/vnd.apache.parquet"}
} as const satisfies Record<string, {readonly ending: string; readonly type: string}>;

export type ExportFormat = keyof typeof exportFormats;
export const exportFormatNames = Object.keys(exportFormats) as [ExportFormat, ...ExportFormat[]];
