import type {CSSProperties} from "react";
import {beyondNote, MEASURES} from "../../../api/contract/choices.ts";
import {valueAt, type Field} from "../../plot/field.ts";
import {formatNumber, formatProbability, tokenLabel} from "../../plot/format.ts";
import {compareColour} from "../../plot/palette.ts";
import {topWordsAt, type TopWord} from "../../plot/readout.ts";
import type {RunData} from "../runData.ts";
import {tableCsv} from "../../plot/csv.ts";
import {useStore} from "../../state/store.ts";
import {useCompared} from "./useComparisons.ts";
import {usePalette} from "../../state/useTheme.ts";
import {CsvButton} from "../../parts/CsvButton.tsx";
import {PanelHead} from "../../parts/PanelHead.tsx";
import {TablePlace} from "../../parts/TablePlace.tsx";

const WORDS = 5;

/** What one run would say at a place: its likeliest words, or why there are none. */
interface Side {
  readonly title: string;
  readonly colour: string | undefined;
  readonly words: readonly TopWord[];
  readonly why: string;
  readonly entropy: number;
  /** From the run on the screen. */
  readonly difference: number | undefined;
}

/** The likeliest next tokens of every compared run beside this one's, at the chosen token, its partners, and the step looked at. */
export function CompareReadout({data, chosen, step}: {data: RunData; chosen: readonly number[]; step: number}) {
  const palette = usePalette();
  const compared = useCompared();
  const init = useStore((state) => state.view.init) ?? 0;
  const token = chosen.at(-1);
  if (compared.length === 0 || token === undefined) return null;
  const sides = [
    sideOf(data, {step, init, token}, {title: "this run"}),
    ...compared.map(({index, data: other, alignment, difference}) =>
      sideOf(
        other,
        {step, init, token: alignment.partners[token] ?? -1},
        {title: other.summary.title, colour: compareColour(palette, index), difference: at(difference, {step, init, token})}
      )
    )
  ];
  return (
    <section className="panel compare-readout" aria-label="Readouts side by side">
      <PanelHead
        title={`After “${tokenLabel(data.names[token])}”, run by run`}
        note={`step ${step}${beyondNote(data.trace.trained_steps, step)}, init ${init + 1}`}
      >
        <CsvButton
          name={`${data.summary.id}-compared-${token}-step-${step}`}
          title="the readouts side by side"
          csv={() => sidesCsv(sides, {step, init, token})}
        />
      </PanelHead>
      <TablePlace label="Readouts of the compared runs">
        <SideTable sides={sides} />
      </TablePlace>
    </section>
  );
}

/** The likeliest words of each run, rank by rank, and how sure it is. */
function SideTable({sides}: {sides: readonly Side[]}) {
  return (
    <table>
      <thead>
        <tr>
          {sides.map(({title, colour}, i) => (
            <th key={i} scope="col">
              {colour && <span className="swatch" style={{background: colour}} />} <span className="word">{title}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {Array.from({length: Math.max(1, ...sides.map(({words}) => words.length))}, (_, rank) => (
          <tr key={rank}>
            {sides.map(({words, why}, i) => (
              <WordCell key={i} word={words[rank]} why={rank === 0 ? why : ""} />
            ))}
          </tr>
        ))}
        <tr className="note">
          {sides.map(({entropy, difference}, i) => (
            <td key={i}>
              {MEASURES.entropy.name} {formatNumber(entropy)}
              {difference !== undefined && `, ${MEASURES.difference.name} ${formatNumber(difference)}`}
            </td>
          ))}
        </tr>
      </tbody>
    </table>
  );
}

/** A word with its probability, or why there is none. */
function WordCell({word, why}: {word: TopWord | undefined; why: string}) {
  if (!word) return <td className="note">{why}</td>;
  return (
    <td style={{"--share": Math.exp(word.logProbability).toFixed(3)} as CSSProperties}>
      <span className="word">{tokenLabel(word.text)}</span> <span className="number">{formatProbability(word.logProbability)}</span>
    </td>
  );
}

/** A line for each run and rank. */
const sidesCsv = (sides: readonly Side[], {step, init, token}: Place): string =>
  tableCsv(
    ["run", "step", "init", "token", "rank", "id", "word", "p"],
    sides.flatMap(({title, words}) =>
      words.map(({id, text, logProbability}, rank) => [title, step, init, token, rank + 1, id, text, Math.exp(logProbability)])
    )
  );

interface Place {
  readonly step: number;
  readonly init: number;
  readonly token: number;
}

/** The first init stands in where a run has fewer. */
const at = (field: Field | undefined, {step, init, token}: Place): number =>
  field && step < field.steps && token >= 0 ? valueAt(field, step, init < field.inits ? init : 0, token) : NaN;

function sideOf(data: RunData, place: Place, {title, colour, difference}: {title: string; colour?: string; difference?: number}): Side {
  const {readout, fields} = data;
  const why = place.token < 0 ? "no partner" : place.step > data.lastStep ? `stops at step ${data.lastStep}` : readout ? "" : "no readout";
  const words =
    readout && !why && place.step < readout.steps
      ? topWordsAt(readout, {...place, init: place.init < readout.inits ? place.init : 0}).slice(0, WORDS)
      : [];
  return {title, colour, words, why, entropy: at(fields.entropy, place), difference};
}
