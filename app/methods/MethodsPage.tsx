import {useEffect} from "react";
import type {MethodSection} from "../../api/contract/contract.ts";
import {FailedPage} from "../parts/FailedPage.tsx";
import {Loading} from "../parts/Loading.tsx";
import {useRemote} from "../source/remote.ts";
import {useSource} from "../source/sourceContext.ts";
import {TablePlace} from "../parts/TablePlace.tsx";
import {TableHead} from "../parts/TableHead.tsx";

/** Formulas, thresholds and references of all that the page and the reports show. */
export function MethodsPage() {
  const source = useSource();
  const methods = useRemote((signal) => source.methods(signal), ["methods"]);
  const isThere = methods.status === "ready";
  useEffect(() => {
    if (isThere && location.hash) document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
  }, [isThere]);
  if (methods.status === "loading") return <Loading what="the methods" />;
  if (methods.status === "failed") return <FailedPage what="page" error={methods.error} list="runs" />;
  return (
    <main className="page methods-page">
      <header className="page-head">
        <h1>Methods</h1>
        <span className="note">As this program measures; reports carry the same texts.</span>
      </header>
      {methods.value.sections.map((section) => (
        <Section key={section.title} section={section} />
      ))}
    </main>
  );
}

function Section({section: {title, table, notes}}: {section: MethodSection}) {
  return (
    <section className="panel-box" aria-label={title}>
      <h2>{title}</h2>
      {table && <MethodTable title={title} table={table} />}
      {notes.map(({id, title: name, formula, text}) => (
        <article key={id} id={id} className={location.hash === `#${id}` ? "asked-for" : undefined}>
          <h3>{name}</h3>
          {formula !== null && <p className="formula">{formula}</p>}
          <p>{text}</p>
        </article>
      ))}
    </section>
  );
}

function MethodTable({title, table: {head, rows}}: {title: string; table: NonNullable<MethodSection["table"]>}) {
  return (
    <TablePlace label={`${title}, as a table`}>
      <table>
        <TableHead names={head} />
        <tbody>
          {rows.map(([name, ...cells]) => (
            <tr key={name}>
              <th scope="row">
                <code>{name}</code>
              </th>
              {cells.map((cell, i) => (
                <td key={i}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </TablePlace>
  );
}
