import {useState} from "react";
import {CLAIMS, type Pattern} from "../../api/contract/choices.ts";
import type {CheckAnswer, PatternAnswer} from "../../api/contract/contract.ts";
import {LabelDrawing} from "../parts/LabelDrawing.tsx";
import {formatNumber} from "../plot/format.ts";
import {useRemote} from "../source/remote.ts";
import {useSource} from "../source/sourceContext.ts";
import {go, useStore} from "../state/store.ts";
import type {TokenVerdicts} from "./useVerdicts.ts";
import {formatQ} from "./verdicts.ts";
import {WitnessPanel} from "./WitnessPanel.tsx";
import {Failed} from "../parts/Failed.tsx";

interface ArgumentPanelProps {
  readonly run: string;
  readonly verdict: PatternAnswer;
  readonly summary: TokenVerdicts["summary"];
  readonly modelless: boolean;
}

/** Why a trajectory is called what it is and not otherwise: what was asked, measured and needed, label by label. Worked out when it is opened. */
export function ArgumentPanel(props: ArgumentPanelProps) {
  const [open, setOpen] = useState(false);
  return (
    <details className="more" open={open} onToggle={({currentTarget}) => setOpen(currentTarget.open)}>
      <summary>Why, and why not the others</summary>
      {open && <Arguments {...props} />}
    </details>
  );
}

function Arguments({run, verdict, summary, modelless}: ArgumentPanelProps) {
  const source = useSource();
  const site = useStore((state) => state.view.site);
  const {index, init} = verdict;
  const answer = useRemote(
    async (signal) => (await source.somePatterns(run, {site, tokens: [index]}, signal)).tokens.find((one) => one.init === init),
    [run, site, index, init]
  );
  if (answer.status === "failed") return <Failed of={answer} />;
  if (answer.status === "loading") return <p className="note">Gathering the evidence …</p>;
  const order = [...CLAIMS].sort((a, b) => Number(b === verdict.pattern) - Number(a === verdict.pattern));
  return (
    <>
      {order.map((claim) => (
        <ClaimArgument key={claim} claim={claim} verdict={verdict} argued={answer.value} against={summary.nulls[claim]} />
      ))}
      {site === "state" && <WitnessPanel run={run} index={index} init={init} modelless={modelless} />}
      <p className="hint">
        q-values are corrected over all {summary.inits * summary.tokens} trajectories (Benjamini–Hochberg); a label needs q ≤{" "}
        {summary.alpha}. Rounding floor of {summary.precision}: {formatNumber(summary.rounding_floor ?? NaN)}.
      </p>
    </>
  );
}

function ClaimArgument({
  claim,
  verdict,
  argued,
  against
}: {
  claim: Exclude<Pattern, "unsettled">;
  verdict: PatternAnswer;
  /** The same with its argument and evidence. */
  argued: PatternAnswer | undefined;
  against: string | undefined;
}) {
  const is = claim === verdict.pattern;
  const checks = argued?.arguments?.[claim] ?? [];
  const numbers = numbersOf((argued?.evidence?.[claim] ?? {}) as Record<string, unknown>);
  return (
    <section className={`argument ${is ? "is" : "is-not"}`} aria-label={`${is ? "Why" : "Why not"} ${claim}`}>
      <header>
        <LabelDrawing label={claim} />
        <h3>
          {is ? "Why it is called" : "Why it is not called"} <b className={`label-text ${claim}`}>{claim}</b>
          {is && <span className="note"> {formatQ("q", verdict.q)}</span>}
        </h3>
      </header>
      {checks.length === 0 && <p className="note">Not tested: too few steps above the noise floor.</p>}
      {checks.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">test</th>
              <th scope="col">value</th>
              <th scope="col">needed</th>
              <th scope="col">
                <span className="visually-hidden">holds</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {checks.map((check) => (
              <CheckRow key={check.test} check={check} drawn={is} />
            ))}
          </tbody>
        </table>
      )}
      {against && <p className="note">Tested against: {against}.</p>}
      {numbers.length > 0 && (
        <details>
          <summary>All numbers</summary>
          <p className="note numbers-line">
            {numbers.map(([name, value]) => (
              <span key={name}>
                {name} {value}
              </span>
            ))}
          </p>
        </details>
      )}
    </section>
  );
}

const PANES = {plane: "left in the picture", course: "over the steps in the picture", recurrence: "in the recurrence plot"} as const;

function CheckRow({check: {test, value, needed, holds, seen}, drawn}: {check: CheckAnswer; drawn: boolean}) {
  return (
    <tr className={holds === false ? "no" : undefined}>
      <th scope="row">
        {test}
        {drawn && seen && (
          <button type="button" className="link seen" title={`Seen ${PANES[seen]}`} onClick={() => go({picture: "portrait"})}>
            see it
          </button>
        )}
      </th>
      <td>{value === null ? "–" : formatNumber(value)}</td>
      <td>{needed}</td>
      <td>{holds === null ? "–" : holds ? "yes" : "no"}</td>
    </tr>
  );
}

/** Every number of a test, nested ones with their place. */
function numbersOf(test: Readonly<Record<string, unknown>>, place = ""): readonly (readonly [string, string])[] {
  return Object.entries(test).flatMap(([key, value]): (readonly [string, string])[] => {
    const name = `${place}${key.replaceAll("_", " ")}`;
    if (typeof value === "number") return [[name, formatNumber(value)]];
    if (typeof value === "boolean" || typeof value === "string") return [[name, String(value)]];
    if (Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "number"))
      return [[name, `[${value.map(formatNumber).join(", ")}]`]];
    return value && typeof value === "object" && !Array.isArray(value) ? [...numbersOf(value as Record<string, unknown>, `${name} `)] : [];
  });
}
