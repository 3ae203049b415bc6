export type Format = "text" | "markdown";

export interface Table {
  /** Prints one row; its cells in the order of the titles. */
  readonly row: (cells: readonly string[]) => void;
}

const LONG = 32; // a first column's least width
const TEXT_WIDTHS: Readonly<Record<string, number>> = {"false, 95 % interval": 28, "recall, 95 % interval": 32, "95 % CI holds": 32};

/** Prints a table row by row, so that a long run shows what it has: aligned for a terminal, or Markdown. */
export function printTable(titles: readonly string[], format: Format): Table {
  const widths = titles.map((title, i) => Math.max(title.length, TEXT_WIDTHS[title] ?? 0, i === 0 ? LONG : 0));
  const line = (cells: readonly string[]): string =>
    format === "markdown"
      ? `| ${cells.join(" | ")} |`
      : `  ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join("  ")}`.trimEnd();
  console.log(line(titles));
  if (format === "markdown") console.log(`|${titles.map((_, i) => (i === 0 ? " --- " : " ---: ")).join("|")}|`);
  return {row: (cells) => console.log(line(cells))};
}
