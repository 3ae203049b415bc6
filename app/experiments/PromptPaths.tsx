import {useMemo, useRef, useState} from "react";
import {beyondNote, curveScale, MEASURES, measureOf, START_MEASURES} from "../../api/contract/choices.ts";
import type {TrainedProps} from "../plot/beyond.ts";
import type {PromptResult, TokenResult} from "../../api/contract/contract.ts";
import {curvesCsv, endsWithFloor, fieldOfCurves} from "./curveColumns.ts";
import {curvePlot} from "../plot/curvePlot.ts";
import type {Curve, CurveProps} from "../plot/curveProps.ts";
import {formatNumber, tokenLabel} from "../plot/format.ts";
import {tokenColour} from "../plot/palette.ts";
import type {Plot} from "../plot/plot.ts";
import type {ShareBar} from "../plot/shareBars.ts";
import {usePalette} from "../state/useTheme.ts";
import {BarsFigure} from "../parts/BarsFigure.tsx";
import {startName} from "./ExperimentFigures.tsx";
import {PlacesTable} from "./PlacesTable.tsx";
import {placeIn} from "../parts/placeIn.ts";
import {PlotMount} from "../parts/PlotMount.tsx";
import {SaveMenu} from "../parts/SaveMenu.tsx";
import {PanelHead} from "../parts/PanelHead.tsx";

/** One prompt: how its starts close in and come to agree, token by token, and the places they end in. */
export function PromptPaths({result, trained}: {result: PromptResult} & TrainedProps) {
  const [token, setToken] = useState<number>();
  const {tokens, sequence} = result;
  const unit = token === undefined ? sequence : tokens[token];
  const name = token === undefined ? "the whole sequence" : `token ${token}, “${tokenLabel(tokens[token].text)}”`;
  const basin = useMemo(
    (): ShareBar[] =>
      sequence.basin.map(({kind, scale, count, reached, share, share_ci}) => ({
        name: startName(kind, scale),
        share,
        interval: share_ci,
        note: `${reached} of ${count}`
      })),
    [sequence]
  );
  return (
    <>
      <section className="panel-box" aria-label="Token by token">
        <PanelHead title="Token by token" note={token === undefined ? "all tokens; choose one to see it alone" : sayToken(tokens[token])} />
        <div className="token-choice" role="group" aria-label="Token">
          <button type="button" aria-pressed={token === undefined} onClick={() => setToken(undefined)}>
            all
          </button>
          {tokens.map((one) => (
            <button
              key={one.index}
              type="button"
              className={`word ${one.verdict}`}
              aria-pressed={token === one.index}
              onClick={() => setToken(one.index)}
              title={sayToken(one)}
            >
              {tokenLabel(one.text)}
            </button>
          ))}
        </div>
        <TokenCurves tokens={tokens} chosen={token} floor={sequence.noise_floor} index={result.index} trained={trained} />
      </section>
      <section className="panel-box" aria-label="Places">
        <PlacesTable attractors={unit.attractors} caption={`Places that the starts of ${name} end in`} />
        {unit.attractors.length === 0 && <p className="note">No start had arrived anywhere when the run ended.</p>}
        {unit.underway > 0 && <p className="note">{unit.underway} starts were still under way when the run ended.</p>}
      </section>
      <BarsFigure
        title="Basin of the main place"
        note="Share of the starts of each kind that end where most own starts of the whole sequence end; the others end elsewhere or were still under way. Scales in multiples of the model’s own spread."
        name={`prompt-${result.index}-basin`}
        bars={basin}
      />
    </>
  );
}

const sayToken = ({index, text, verdict, aa_noise, aa_swap, rate, answer, answer_step}: TokenResult): string =>
  `token ${index} “${tokenLabel(text)}”: ${verdict}, AA(noise) ${formatNumber(aa_noise ?? NaN)}, AA(swap) ${formatNumber(aa_swap ?? NaN)}, rate ${formatNumber(rate ?? NaN)}${answer ? `, says “${tokenLabel(answer.text)}”${answer_step === null ? ", not from every start" : ` from step ${answer_step} on`}` : ""}`;

interface TokenCurvesProps extends TrainedProps {
  readonly tokens: PromptResult["tokens"];
  readonly chosen: number | undefined;
  readonly floor: number;
  readonly index: number;
}

/** A curve for each token shown, and the measures that have one: answers may have been decoded at the last step alone. */
function useTokenCurves({tokens, chosen}: Pick<TokenCurvesProps, "tokens" | "chosen">) {
  const palette = usePalette();
  const plots = useRef<(Plot<CurveProps> | null)[]>([]);
  const curves = useMemo(
    () =>
      (chosen === undefined ? [...tokens.keys()] : [chosen]).map((token): Curve => ({init: 0, token, colour: tokenColour(palette, token)})),
    [chosen, tokens, palette]
  );
  const fields = useMemo(() => START_MEASURES.map((key) => fieldOfCurves(tokens.map((token) => token[key]))), [tokens]);
  const shown = START_MEASURES.map((key, i) => ({key, field: fields[i], place: i})).filter(({field}) => field.steps > 1);
  return {plots, curves, shown, gaps: fields[0]};
}

function TokenCurves({tokens, chosen, floor, index, trained}: TokenCurvesProps) {
  const palette = usePalette();
  const [step, setStep] = useState<number>();
  const {plots, curves, shown, gaps} = useTokenCurves({tokens, chosen});
  const gapEnds = useMemo(() => endsWithFloor(gaps, floor), [gaps, floor]);
  return (
    <>
      <div className="experiment-curves">
        {shown.map(({key, field, place}) => (
          <PlotMount
            key={key}
            className="experiment-curve"
            make={curvePlot}
            plot={placeIn(plots, place)}
            props={{
              palette,
              title: MEASURES[key].title,
              field,
              curves,
              scale: curveScale(key),
              domain: key === "gap" ? gapEnds : measureOf(key).domain,
              step,
              lastStep: gaps.steps - 1,
              trained,
              floor: measureOf(key).hasFloor ? floor : undefined,
              stepLabels: true,
              onHover: setStep,
              onPick: setStep
            }}
          />
        ))}
      </div>
      <PanelHead
        note={
          <span className="figure-note">
            {step === undefined
              ? "A line per token, in its own colour; in the grey two states cannot be told apart."
              : `Step ${step}${beyondNote(trained, step)}: ${readOff(step, curves, tokens)}`}
          </span>
        }
      >
        <SaveMenu
          name={`prompt-${index}-curves`}
          title="Curves by token"
          note={`prompt ${index}`}
          beside
          pictures={() => shown.flatMap(({place}) => plots.current[place]?.picture() ?? [])}
          csv={() => curvesCsv(columnsOf(tokens, shown), trained)}
        />
      </PanelHead>
    </>
  );
}

/** A column for each measure and token. */
const columnsOf = (tokens: PromptResult["tokens"], shown: readonly {readonly key: (typeof START_MEASURES)[number]}[]) =>
  Object.fromEntries(tokens.flatMap((token) => shown.map(({key}) => [`${key} ${token.index} ${token.text}`, token[key]])));

const READ_TOKENS = 3; // of more the line would be too long

/** The numbers at a step, of a few tokens. */
function readOff(step: number, curves: readonly Curve[], tokens: PromptResult["tokens"]): string {
  const shown = curves.slice(0, READ_TOKENS).map(({token}) => {
    const {text, gap, answer_share_by_step, kl_by_step} = tokens[token];
    return `“${tokenLabel(text)}” gap ${formatNumber(gap[step] ?? NaN)}, share ${formatNumber(answer_share_by_step[step] ?? NaN)}, KL ${formatNumber(kl_by_step[step] ?? NaN)}`;
  });
  return `${shown.join("; ")}${curves.length > READ_TOKENS ? " …" : ""}`;
}
