import {beyondNote} from "../../../api/contract/choices.ts";
import {tokenLabel} from "../../plot/format.ts";
import {lensCsv} from "./lensCsv.ts";
import {isModelless, NO_MODEL} from "../modelless.ts";
import type {RunData} from "../runData.ts";
import {go, useStore} from "../../state/store.ts";
import {EVERY_LENS} from "../../state/view.ts";
import {lensChoices, lensesOf, shownLenses, useLenses, viewLens, type LensReading} from "./useLens.ts";
import {CsvButton} from "../../parts/CsvButton.tsx";
import {LensRows} from "./LensRows.tsx";
import {PanelHead} from "../../parts/PanelHead.tsx";

/** What the model would say at each step by one lens or all of them: the likeliest next tokens of the chosen token, and how sure it is. */
export function LensTable({data, chosen, step}: {data: RunData; chosen: readonly number[]; step: number}) {
  const token = chosen.at(-1);
  const init = Math.min(useStore((state) => state.view.init) ?? 0, data.trace.inits.length - 1);
  const asked = useStore((state) => state.view.lens);
  const answers = useLenses(data, shownLenses(data, asked));
  const readings = answers.flatMap(({reading}) => reading ?? []);
  if (token === undefined)
    return (
      <section className="panel lens">
        <p className="note">Choose a token to see what it would say at each step.</p>
      </section>
    );
  const trained = data.trace.trained_steps;
  return (
    <section className="panel lens" aria-label="Readout by step">
      <PanelHead
        title={`Next token after “${tokenLabel(data.names[token])}”`}
        note={noteOf(readings, init, beyondNote(trained, data.lastStep, 1))}
      >
        <LensChoice data={data} asked={asked} />
        {readings.length > 0 && (
          <CsvButton
            name={`${data.summary.id}-lens-${token}`}
            title={`readout after “${tokenLabel(data.names[token])}”`}
            csv={() => lensCsv(readings, {init, token, text: data.names[token], trained})}
          />
        )}
      </PanelHead>
      {answers.length === 0 && (
        <p className="note">
          {isModelless(data) ? `No readout: ${NO_MODEL}.` : "The run has no readout, and nothing says how its model reads a state."}
        </p>
      )}
      {answers.map(
        ({lens, note}) =>
          note && (
            <p key={lens} className="note">
              {note}
            </p>
          )
      )}
      {readings.length > 0 && <LensRows data={data} readings={readings} init={init} token={token} step={step} />}
    </section>
  );
}

const noteOf = (readings: readonly LensReading[], init: number, beyond: string): string =>
  [
    `init ${init + 1}`,
    ...readings.filter(({readFrom}) => readFrom).map(({lens, readFrom}) => `, ${lens} read from the stored ${readFrom} states`),
    beyond
  ].join("");

/** The lenses that the run's model has; of one alone there is nothing to choose. */
function LensChoice({data, asked}: {data: RunData; asked: string | undefined}) {
  const choices = lensChoices(data);
  const offered = lensesOf(data);
  const shown = asked === EVERY_LENS && choices.length > 1 ? asked : shownLenses(data, asked)[0];
  const titleOf = (choice: string): string =>
    choice === EVERY_LENS ? "All lenses side by side" : (offered.find(({name}) => name === choice)?.formula ?? `the ${choice} lens`);
  if (choices.length === 1)
    return (
      <span className="note" title={titleOf(choices[0])}>
        {choices[0]} lens
      </span>
    );
  return (
    <div className="segments" role="group" aria-label="Lens">
      {choices.map((choice) => (
        <button
          key={choice}
          type="button"
          aria-pressed={choice === shown}
          title={titleOf(choice)}
          onClick={() => go({lens: viewLens(data, choice)})}
        >
          {choice}
        </button>
      ))}
    </div>
  );
}
