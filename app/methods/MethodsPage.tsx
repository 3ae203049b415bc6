import {useEffect, useSyncExternalStore} from "react";
import type {MethodSection} from "../../api/contract/contract.ts";
import {FailedPage} from "../parts/FailedPage.tsx";
import {Loading} from "../parts/Loading.tsx";
import {useRemote} from "../source/remote.ts";
import {useSource} from "../source/sourceContext.ts";
import {TablePlace} from "../parts/TablePlace.tsx";
import {TableHead} from "../parts/TableHead.tsx";
import {MethodText} from "./MethodText.tsx";

/** Formulas, thresholds and references of all that the page and the reports show. */
export function MethodsPage() {
  const source = useSource();
  const methods = useRemote((signal) => source.methods(signal), ["methods"]);
  const asked = useAsked();
  const isThere = methods.status === "ready";
  useEffect(() => {
    if (isThere && asked) document.getElementById(asked)?.scrollIntoView();
  }, [isThere, asked]);
  if (methods.status === "loading") return <Loading what="the methods" />;
  if (methods.status === "failed") return <FailedPage what="page" error={methods.error} list="runs" />;
  const {sections} = methods.value;
  return (
    <main className="page methods-page">
      <header className="page-head">
        <h1>Methods</h1>
        <span className="note">As this program measures; reports carry the same texts.</span>
      </header>
      <div className="methods-columns">
        <Contents sections={sections} />
        <div className="methods-text">
          {sections.map((section) => (
            <Section key={section.title} section={section} asked={asked} />
          ))}
        </div>
      </div>
    </main>
  );
}

/** What the address asks for behind its `#`. */
const useAsked = (): string => useSyncExternalStore(watchHash, () => decodeURIComponent(location.hash.slice(1)));

function watchHash(changed: () => void): () => void {
  addEventListener("hashchange", changed);
  return () => removeEventListener("hashchange", changed);
}

const idOf = ({title}: MethodSection): string => `section-${title.toLowerCase().replaceAll(" ", "-")}`;

function Contents({sections}: {sections: readonly MethodSection[]}) {
  return (
    <nav className="methods-contents" aria-label="Contents">
      <ul>
        {sections.map((section) => (
          <li key={section.title}>
            <a href={`?methods#${idOf(section)}`}>{section.title}</a>
            {section.notes.length > 0 && (
              <ul>
                {section.notes.map(({id, title}) => (
                  <li key={id}>
                    <a href={`?methods#${id}`}>{title}</a>
                  </li>
                ))}
              </ul>
            )}
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Section({section, asked}: {section: MethodSection; asked: string}) {
  const {title, table, notes} = section;
  return (
    <section id={idOf(section)} className="panel-box" aria-label={title}>
      <h2>{title}</h2>
      {table && <MethodTable title={title} table={table} />}
      {notes.map((note) => (
        <MethodText key={note.id} note={note} isAsked={note.id === asked} />
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
