interface TableHeadProps {
  readonly names: readonly string[];
  /** The class of a column's head, as `number`; none where it is left out. */
  readonly classOf?: (name: string, column: number) => string | undefined;
}

/** The line above a table that names its columns. */
export const TableHead = ({names, classOf}: TableHeadProps) => (
  <thead>
    <tr>
      {names.map((name, i) => (
        <th key={i} scope="col" className={classOf?.(name, i)}>
          {name}
        </th>
      ))}
    </tr>
  </thead>
);
