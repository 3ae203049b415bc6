import {useMemo, type MouseEvent} from "react";
import {alignedColumns, foldedColumns, type AlignedColumn, type ColumnKind} from "./alignedColumns.ts";
import type {Alignment} from "./compare.ts";
import {tokenLabel} from "../../plot/format.ts";
import {choose} from "../selection.ts";

interface AlignedTokensProps {
  readonly own: readonly string[];
  readonly other: readonly string[];
  readonly alignment: Alignment;
  readonly chosen: readonly number[];
  readonly title: string;
}

/** Two prompts one below the other where they differ: partners in one column, a gap where a token has none. */
export function AlignedTokens({own, other, alignment, chosen, title}: AlignedTokensProps) {
  const columns = useMemo(() => foldedColumns(alignedColumns(alignment.partners, other.length)), [alignment, other.length]);
  if (alignment.count === own.length && own.length === other.length) return null; // the same prompt
  const click = (event: MouseEvent): void => {
    const token = (event.target as HTMLElement).closest<HTMLElement>("[data-own]")?.dataset.own;
    if (token !== undefined) choose(Number(token), own.length, {extend: event.shiftKey});
  };
  return (
    <ol className="aligned" aria-label={`Tokens aligned with ${title}`} onClick={click}>
      {columns.map((column, i) =>
        "left" in column ? (
          <li key={i} className="left-out note">
            {column.left} {LEFT_OUT[column.kind]}
          </li>
        ) : (
          <Column key={i} column={column} own={own} other={other} chosen={column.own !== undefined && chosen.includes(column.own)} />
        )
      )}
    </ol>
  );
}

const LEFT_OUT: Readonly<Record<ColumnKind, string>> = {pair: "alike", own: "only here", other: "only there"};

function Column({
  column,
  own,
  other,
  chosen
}: {
  column: Exclude<AlignedColumn, {left: number}>;
  own: readonly string[];
  other: readonly string[];
  chosen: boolean;
}) {
  const [above, below] = [
    column.own === undefined ? undefined : tokenLabel(own[column.own]),
    column.other === undefined ? undefined : tokenLabel(other[column.other])
  ];
  const title =
    above === undefined
      ? `“${below}”, token ${column.other} of the other run, has no partner here`
      : below === undefined
        ? `“${above}”, token ${column.own}, has no partner`
        : `token ${column.own} with token ${column.other}`;
  return (
    <li
      data-own={column.own}
      className={`${above === undefined || below === undefined ? "alone" : "partners"}${chosen ? " chosen" : ""}`}
      title={title}
    >
      <span>{above ?? <Gap />}</span>
      <span>{below ?? <Gap />}</span>
    </li>
  );
}

const Gap = () => (
  <>
    <span aria-hidden="true">·</span>
    <span className="visually-hidden">no partner</span>
  </>
);
