import {useRef, useState, type KeyboardEvent} from "react";
import {beyondColumn, beyondNote, EXIT_RULES, freezeStrategies} from "../../api/contract/choices.ts";
import type {GenerationResult} from "../../api/contract/contract.ts";
import {Band} from "../parts/Band.tsx";
import {FigurePanel} from "../parts/FigurePanel.tsx";
import {Link} from "../parts/Link.tsx";
import {PlotMount} from "../parts/PlotMount.tsx";
import {tableCsv} from "../plot/csv.ts";
import {tokenLabel} from "../plot/format.ts";
import type {Plot} from "../plot/plot.ts";
import {rulePlot, type RulePlotProps} from "../plot/rulePlot.ts";
import {stepBars, type StepBarsProps} from "../plot/stepBars.ts";
import {usePalette} from "../state/useTheme.ts";
import type {Generation} from "./useGeneration.ts";
import {WavefrontFigure} from "./WavefrontFigure.tsx";

/** A token of the strip: of the prompt, or made. */
interface StripToken {
  readonly text: string;
  readonly steps: number;
  readonly made: boolean;
  readonly values: readonly (number | null)[];
}

/** What was made: the text, its tokens with their steps, and the figures of the rule that let them leave. */
export function GeneratedText({generation, busy}: {generation: Generation; busy: boolean}) {
  const {order, trained, text, tokens, wave, result, error} = generation;
  const [chosen, setChosen] = useState<number>();
  const strip: StripToken[] = [
    ...(result?.prompt_tokens ?? []).map(({text: own, steps}) => ({text: own, steps, made: false, values: []})),
    ...tokens.map(({text: own, steps, values}) => ({text: own, steps, made: true, values}))
  ];
  const prompted = strip.length - tokens.length;
  const at = chosen !== undefined && chosen < strip.length ? chosen : strip.length - 1;
  const most = Math.max(1, ...strip.map(({steps}) => steps));
  return (
    <>
      <section className="panel-box" aria-label="Text">
        <output className="generated" aria-live="polite">
          <span className="prompted">{order.prompt}</span>
          {text}
          {busy && <span className="caret" aria-hidden="true" />}
        </output>
        {error && <Band tone={error === "stopped" ? "note" : "error"} text={error === "stopped" ? "Stopped." : error} />}
        {result && <Summary result={result} />}
      </section>
      {strip.length > 0 && (
        <Strip strip={strip} trained={trained} most={most} chosen={at} choose={setChosen} run={result?.run} prompted={prompted} />
      )}
      {wave.length > 0 && order.diffuse && (
        <WavefrontFigure
          rows={wave}
          leftOut={result?.wavefront?.left_out ?? 0}
          rule={order.diffuse.freeze_strategy ?? freezeStrategies[0]}
        />
      )}
      {tokens.length > 0 && <Figures order={order} trained={trained} strip={strip} chosen={at} />}
    </>
  );
}

function Summary({result}: {result: GenerationResult}) {
  const {tokens, prompt_tokens, core_steps, kv_bytes, seconds, drafted, accepted, stopped, run} = result;
  const mean = tokens.reduce((sum, {steps}) => sum + steps, 0) / Math.max(1, tokens.length);
  const why = {
    length: "as many as asked for",
    token: "an end token",
    string: "a stop string",
    iterations: "no iterations left",
    cancelled: "stopped"
  }[stopped];
  return (
    <p className="note generated-summary">
      {prompt_tokens.length} + {tokens.length} tokens ({why}), {mean.toFixed(1)} steps a token, {core_steps} core steps,{" "}
      {(kv_bytes / 1024).toFixed(1)} kB of keys and values, {seconds.toFixed(2)} s
      {drafted !== undefined && `, ${accepted} of ${drafted} drafts accepted`}
      {run && (
        <>
          {" · "}
          <Link view={{run, tokens: [prompt_tokens.length - 1]}}>Open the trajectories</Link>
        </>
      )}
    </p>
  );
}

interface StripProps {
  readonly strip: readonly StripToken[];
  readonly trained: number;
  readonly most: number;
  readonly chosen: number;
  readonly choose: (token: number) => void;
  readonly run: string | undefined;
  readonly prompted: number;
}

/** Each token with the step after which it was read; the prompt's are quiet. Arrows walk. */
function Strip({strip, trained, most, chosen, choose, run, prompted}: StripProps) {
  const press = (event: KeyboardEvent): void => {
    const moved = {ArrowRight: 1, ArrowLeft: -1}[event.key];
    if (!moved) return;
    event.preventDefault();
    const next = Math.min(strip.length - 1, Math.max(0, chosen + moved));
    choose(next);
    event.currentTarget.querySelectorAll<HTMLElement>("[role=option]")[next]?.focus();
  };
  const position = Math.max(0, chosen < prompted ? chosen : chosen - 1); // a token is read at the position before it
  return (
    <section className="panel-box" aria-label="Steps by token">
      <div
        className="strip generated-strip"
        role="listbox"
        aria-label="Tokens and their steps"
        aria-orientation="horizontal"
        onKeyDown={press}
        tabIndex={-1}
      >
        {strip.map(({text, steps, made}, i) => (
          <div
            key={i}
            role="option"
            aria-selected={i === chosen}
            tabIndex={i === chosen ? 0 : -1}
            className={`token generated-token${made ? "" : " prompted"}`}
            title={`${made ? "new" : "prompt"} token ${i}: ${steps} steps${beyondNote(trained, steps, 1)}`}
            onClick={() => choose(i)}
            onKeyDown={() => {}}
          >
            <span className="token-text">{tokenLabel(text)}</span>
            <span className="token-steps">{steps}</span>
            <span className="token-bar" style={{width: `${(100 * steps) / most}%`}} />
          </div>
        ))}
      </div>
      {run && (
        <p className="figure-note">
          {strip[chosen].made ? "Read at the position before it: " : "Its position: "}
          <Link view={{run, tokens: [position]}}>its trajectory</Link>
        </p>
      )}
    </section>
  );
}

interface FiguresProps extends Pick<Generation, "order" | "trained"> {
  readonly strip: readonly StripToken[];
  readonly chosen: number;
}

function Figures({order, trained, strip, chosen}: FiguresProps) {
  const [name, given] = (order.exit ?? "").split(":");
  const rule = EXIT_RULES.find((known) => known.name === name);
  return (
    <div className="figures">
      <StepsFigure strip={strip} trained={trained} />
      {rule && strip[chosen].values.length > 0 && (
        <RuleFigure rule={rule} threshold={given === undefined ? rule.threshold : Number(given)} token={strip[chosen]} trained={trained} />
      )}
    </div>
  );
}

/** How many tokens left at each step. */
function StepsFigure({strip, trained}: Pick<FiguresProps, "strip" | "trained">) {
  const palette = usePalette();
  const plot = useRef<Plot<StepBarsProps> | null>(null);
  const made = strip.filter((token) => token.made);
  const beyond = beyondColumn(trained);
  const csv = (): string =>
    tableCsv(
      ["token", "text", "new", "steps", ...beyond.names],
      strip.map((token, i) => [i, token.text, token.made ? 1 : 0, token.steps, ...beyond.cells(token.steps)])
    );
  return (
    <FigurePanel
      title="Steps taken"
      note={`${made.length} new tokens, by the step after which each was read`}
      name="steps-taken"
      pictures={() => (plot.current ? [plot.current.picture()] : [])}
      csv={csv}
    >
      <div className="figure-curve">
        <PlotMount
          className="whole-plot"
          make={stepBars}
          plot={plot}
          props={{palette, trained, title: "Steps taken", steps: made.map(({steps}) => steps)}}
        />
      </div>
    </FigurePanel>
  );
}

interface RuleFigureProps extends Pick<FiguresProps, "trained"> {
  readonly rule: (typeof EXIT_RULES)[number];
  readonly threshold: number;
  readonly token: StripToken;
}

/** The rule's value after each step of a token. */
function RuleFigure({rule: {name, formula, source, exitWhen}, threshold, token: {text, values}, trained}: RuleFigureProps) {
  const palette = usePalette();
  const plot = useRef<Plot<RulePlotProps> | null>(null);
  const beyond = beyondColumn(trained);
  const csv = (): string =>
    tableCsv(
      ["step", ...beyond.names, name],
      values.map((value, i) => [i + 1, ...beyond.cells(i + 1), value ?? undefined])
    );
  return (
    <FigurePanel
      title={`${name} of “${tokenLabel(text)}”`}
      note={`${formula}; ${source}`}
      name={`exit-${name}`}
      pictures={() => (plot.current ? [plot.current.picture()] : [])}
      csv={csv}
    >
      <div className="figure-curve">
        <PlotMount
          className="whole-plot"
          make={rulePlot}
          plot={plot}
          props={{palette, trained, title: name, values, threshold, exitWhen}}
        />
      </div>
    </FigurePanel>
  );
}
