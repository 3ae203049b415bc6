import type {ExperimentOverview} from "../../api/contract/contract.ts";
import {tokenLabel} from "../plot/format.ts";
import {Link} from "../parts/Link.tsx";
import {PlacesTable} from "./PlacesTable.tsx";
import {PanelHead} from "../parts/PanelHead.tsx";

const SHOWN = 5; // with all their places; the others are named

/** Prompts whose starts end in more than one place, each place with its share and answer; or that there are none. */
export function SeveralPlaces({id, overview: {several, several_count, finished}}: {id: string; overview: ExperimentOverview}) {
  return (
    <section className="panel-box wide" aria-label="Several places">
      <PanelHead
        title="Several places"
        note={
          several_count === 0
            ? `From every start tried, each of the ${finished} prompts ended in one place, or was still under way.`
            : `${several_count} of ${finished} prompts have starts of some kind that end elsewhere.`
        }
      />
      {several.slice(0, SHOWN).map(({index, prompt, attractors}) => (
        <PlacesTable
          key={index}
          attractors={attractors}
          caption={
            <Link view={{experiment: id, prompt: index}}>
              <span className="word">{tokenLabel(prompt)}</span>
            </Link>
          }
        />
      ))}
      {several.length > SHOWN && (
        <p className="note">
          Also:{" "}
          {several.slice(SHOWN).map(({index}, i) => (
            <span key={index}>
              {i > 0 && ", "}
              <Link view={{experiment: id, prompt: index}}>prompt {index}</Link>
            </span>
          ))}
          {several_count > several.length && ` and ${several_count - several.length} more`}
        </p>
      )}
    </section>
  );
}
