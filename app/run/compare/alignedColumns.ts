/** One place of two aligned prompts: a pair, or a token that only one of them has; or a stretch that is left out, of pairs or of tokens that only one has. */
export type AlignedColumn =
  | {readonly own: number | undefined; readonly other: number | undefined}
  | {readonly left: number; readonly kind: ColumnKind};
export type ColumnKind = "pair" | "own" | "other";

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

const kindOf = (column: AlignedColumn): ColumnKind =>
  "left" in column ? column.kind : column.own === undefined ? "other" : column.other === undefined ? "own" : "pair";

/** The columns with long stretches of one kind left out, but for `context` columns where another kind is beside them. */
export function foldedColumns(columns: readonly AlignedColumn[], context = 4): AlignedColumn[] {
  const folded: AlignedColumn[] = [];
  for (let from = 0, to = 0; from < columns.length; from = to) {
    const kind = kindOf(columns[from]);
    while (to < columns.length && kindOf(columns[to]) === kind) ++to;
    const head = from === 0 ? 0 : context;
    const tail = to === columns.length ? 0 : context;
    const left = to - from - head - tail;
    if (left > 2) folded.push(...columns.slice(from, from + head), {left, kind}, ...columns.slice(to - tail, to));
    else folded.push(...columns.slice(from, to)); // a mark would take as much room
  }
  return folded;
}
