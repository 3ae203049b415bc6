/** One place of two aligned prompts: a pair, or a token that only one of them has; or a stretch of pairs that is left out. */
export type AlignedColumn = {readonly own: number | undefined; readonly other: number | undefined} | {readonly alike: number};

/** Two prompts side by side, by index: pairs in one column, what has no partner in a column of its own. */
export function alignedColumns(partners: readonly number[], others: number): AlignedColumn[] {
  const columns: AlignedColumn[] = [];
  let other = 0;
  partners.forEach((partner, own) => {
    if (partner < 0) return columns.push({own, other: undefined});
    while (other < partner) columns.push({own: undefined, other: other++});
    return columns.push({own, other: other++});
  });
  while (other < others) columns.push({own: undefined, other: other++});
  return columns;
}

const isPair = (column: AlignedColumn): boolean => "own" in column && column.own !== undefined && column.other !== undefined;

/** The columns with long stretches of pairs left out, but for `context` of them beside each difference. */
export function foldedColumns(columns: readonly AlignedColumn[], context = 4): AlignedColumn[] {
  const near = columns.map((_, i) => columns.slice(Math.max(0, i - context), i + context + 1).some((column) => !isPair(column)));
  const folded: AlignedColumn[] = [];
  for (let i = 0; i < columns.length; ++i) {
    if (near[i]) {
      folded.push(columns[i]);
      continue;
    }
    const from = i;
    while (i + 1 < columns.length && !near[i + 1]) ++i;
    if (i - from + 1 > 2) folded.push({alike: i - from + 1});
    else folded.push(...columns.slice(from, i + 1)); // a mark would take as much room
  }
  return folded;
}
