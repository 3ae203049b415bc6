import type {MethodSection} from "../../api/contract/contract.ts";

type Note = MethodSection["notes"][number];

/** How one thing is measured: its formula, what it is, and the rest under headings. */
export function MethodText({note: {id, title, formula, text, parts}, isAsked}: {note: Note; isAsked: boolean}) {
  return (
    <article id={id} className={isAsked ? "asked-for" : undefined}>
      <h3>
        <a href={`?methods#${id}`}>{title}</a>
      </h3>
      {formula !== null && <p className="formula">{formula}</p>}
      <p>{text}</p>
      {parts.length > 0 && (
        <dl className="method-parts">
          {parts.map((part) => (
            <div key={part.title}>
              <dt>{part.title}</dt>
              <dd>
                <Points points={part.points} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </article>
  );
}

function Points({points}: Pick<Note["parts"][number], "points">) {
  if (points.length === 1) return <p>{points[0]}</p>;
  return (
    <ul>
      {points.map((point) => (
        <li key={point}>{point}</li>
      ))}
    </ul>
  );
}
