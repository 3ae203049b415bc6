/** A table as CSV after RFC 4180. Texts that a spreadsheet would take for a formula begin with an apostrophe, as tables of token texts do hold "=1+1". */
export function csvOf(columns: readonly string[], rows: Iterable<readonly (string | number | null | undefined)[]>): string {
  const lines = [columns.join(",")];
  for (const row of rows) lines.push(row.map(cell).join(","));
  return `${lines.join("\r\n")}\r\n`;
}

function cell(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return Number.isNaN(value) ? "" : String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
