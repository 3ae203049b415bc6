import {useMemo, useState} from "react";
import type {PromptResult} from "../../api/contract.ts";
import {curvePlot, type Curve} from "../plot/curvePlot.ts";
import type {Field} from "../plot/field.ts";
import {formatNumber, formatShare, tokenLabel} from "../plot/format.ts";
import {tokenColour} from "../plot/palette.ts";
import {useSource} from "../sourceContext.ts";
import {notify, openRun} from "../store.ts";
import {usePalette} from "../useTheme.ts";
import {PlotMount} from "./PlotMount.tsx";

export interface ExperimentPromptProps {
  readonly result: PromptResult;
  readonly model: string;
  readonly steps: number;
  readonly inits: number;
}

const CURVES = [
  {key: "gap", title: "Gap between starts, relative to the norm", scale: "log"},
  {key: "answer_share_by_step", title: "Share of starts that say the final answer", scale: "linear", domain: [0, 1]},
  {key: "kl_by_step", title: "KL between the starts' readouts, nats", scale: "log"}
] as const;

/** One prompt: how its starts close in and come to agree, token by token, and the places they end in. */
export function ExperimentPrompt({result, model, steps, inits}: ExperimentPromptProps) {
  const source = useSource();
  const palette = usePalette();
  const [token, setToken] = useState<number>();
  const {tokens, sequence, prompt, seed} = result;
  const shown = useMemo(() => (token === undefined ? tokens.map((_, i) => i) : [token]), [tokens, token]);
  const curves = useMemo(() => shown.map((own): Curve => ({init: 0, token: own, colour: tokenColour(palette, own)})), [shown, palette]);
  const fields = useMemo(() => CURVES.map(({key}) => fieldOf(tokens.map((one) => one[key]))), [tokens]);
  const follow = (): void => {
    source.capture({model, prompt, seed, steps, inits, title: `${tokenLabel(prompt)}, own starts`}).then(({run}) => openRun(run), (error: Error) => notify(error.message));
  };
  return (
    <section className="panel-box experiment-prompt" aria-label="Prompt">
      <header className="panel-head">
        <h2 className="token-name">{tokenLabel(prompt)}</h2>
        <span className="note">
          {sequence.verdict} · {sequence.reached === 1 ? "all starts end in one place" : `starts end in ${sequence.reached} places`}
        </span>
        <span className="header-space" />
        <button type="button" onClick={follow} title="Captures the prompt's own starts, the same trajectories, as a run">
          See its trajectories
        </button>
      </header>
      <div className="segments" role="group" aria-label="Token">
        <button type="button" aria-pressed={token === undefined} onClick={() => setToken(undefined)}>
          all
        </button>
        {tokens.map(({index, text, verdict, aa_noise}) => (
          <button key={index} type="button" className="word" aria-pressed={token === index} onClick={() => setToken(index)} title={`token ${index}: ${verdict}, AA (noise) ${formatNumber(aa_noise ?? NaN)}`}>
            {tokenLabel(text)}
          </button>
        ))}
      </div>
      <div className="experiment-curves">
        {CURVES.map(({key, title, scale, ...rest}, i) => (
          <PlotMount key={key} className="experiment-curve" make={curvePlot} props={{palette, title, field: fields[i], curves, scale, domain: "domain" in rest ? rest.domain : undefined, step: steps, lastStep: steps, floor: key === "gap" ? sequence.noise_floor : undefined, stepLabels: true, onHover: ignore, onPick: ignore}} />
        ))}
      </div>
      <table className="runs basins">
        <caption>Where the starts end, by kind and scale</caption>
        <thead>
          <tr>
            {["Start", "Scale", "Starts", "Reached the main place", "Share"].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sequence.basin.map(({kind, scale, count, reached, share, share_ci}) => (
            <tr key={`${kind} ${scale}`}>
              <td>{kind}</td>
              <td>{formatNumber(scale)}</td>
              <td>{count}</td>
              <td>{reached}</td>
              <td>
                {formatShare(share)} <span className="note">[{share_ci.map(formatShare).join(", ")}]</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const ignore = (): void => undefined;

/** Curves of tokens as one field with a single init. */
function fieldOf(curves: readonly (readonly (number | null)[])[]): Field {
  const steps = Math.max(0, ...curves.map(({length}) => length));
  const values = new Float32Array(steps * curves.length).fill(NaN);
  curves.forEach((curve, token) => curve.forEach((value, step) => (values[step * curves.length + token] = value ?? NaN)));
  return {steps, inits: 1, tokens: curves.length, values};
}
