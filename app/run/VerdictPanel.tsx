import {CLAIMS} from "../../api/contract/choices.ts";
import type {PatternAnswer} from "../../api/contract/contract.ts";
import {formatNumber} from "../plot/format.ts";
import type {Pattern} from "../../api/contract/choices.ts";
import {go} from "../state/store.ts";
import {useTokenVerdicts, type TokenVerdicts} from "./useVerdicts.ts";
import {factsOf, formatQ} from "./verdicts.ts";
import {PATTERNS} from "../../api/contract/choices.ts";
import {LabelSign} from "../parts/LabelSign.tsx";

/** What a trajectory is called, how sure that is, every number behind it, and why it is not called otherwise. */
export function VerdictPanel({token, init, inits, growing}: {token: number; init: number | undefined; inits: number; growing: boolean}) {
  const verdicts = useTokenVerdicts(token);
  if (verdicts.status === "failed") return <p className="note verdict">No labels: {verdicts.error.message}</p>;
  if (verdicts.status === "loading")
    return <p className="note verdict">{growing ? "Labels come once the run has ended …" : "Weighing the evidence for a label …"}</p>;
  const verdict = verdicts.value.of(init ?? 0);
  if (!verdict) return null;
  return (
    <div className="verdict">
      <p className="verdict-head">
        <LabelSign label={verdict.pattern} />
        <b className={`label-text ${verdict.pattern}`}>{verdict.pattern}</b>
        <span>{verdicts.value.early ? `q ≤ ${formatNumber(verdict.q)}` : formatQ("q", verdict.q)}</span>
        <span className="note">{verdict.pattern === "unsettled" ? "no claim" : ""}</span>
        <span className="header-space" />
        {inits > 1 && <OtherInits verdicts={verdicts.value} init={init} />}
      </p>
      <dl className="facts">
        {factsOf(verdict).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <details className="more">
        <summary>Why, and why not the others</summary>
        {CLAIMS.map((label) => (
          <LabelEvidence key={label} label={label} verdict={verdict} against={verdicts.value.summary.nulls[label]} />
        ))}
        <p className="hint">
          p-values are corrected over all {verdicts.value.summary.inits * verdicts.value.summary.tokens} trajectories (Benjamini–Hochberg);
          a label needs q ≤ {verdicts.value.summary.alpha}. Rounding floor of {verdicts.value.summary.precision}:{" "}
          {verdicts.value.summary.rounding_floor === null ? "–" : formatNumber(verdicts.value.summary.rounding_floor)}.
        </p>
      </details>
    </div>
  );
}

/** A sign for every init of the token: the same label from every start is the rule, and its exceptions matter. */
function OtherInits({verdicts, init}: {verdicts: TokenVerdicts; init: number | undefined}) {
  const shown = Math.min(verdicts.summary.inits, 12);
  return (
    <span className="init-signs">
      {Array.from({length: shown}, (_, own) => {
        const pattern = verdicts.of(own)?.pattern ?? "unsettled";
        return (
          <button
            key={own}
            type="button"
            className="quiet icon"
            aria-pressed={init === own}
            onClick={() => go({init: init === own ? undefined : own})}
            title={`init ${own + 1}: ${pattern}`}
            aria-label={`init ${own + 1}: ${pattern}`}
          >
            <LabelSign label={pattern} />
          </button>
        );
      })}
    </span>
  );
}

interface Test {
  readonly p?: number;
  readonly against?: readonly string[];
}

function LabelEvidence({label, verdict, against}: {label: Pattern; verdict: PatternAnswer; against: string | undefined}) {
  const test = verdict.evidence[label] as (Test & Readonly<Record<string, unknown>>) | null | undefined;
  return (
    <section className="evidence">
      <h3>
        <LabelSign label={label} /> {label} {test?.p !== undefined && <span className="note">{formatQ("p", test.p)}</span>}
      </h3>
      {!test && <p className="note">not tested: too few steps above the noise floor</p>}
      {test?.against && test.against.length > 0 && <p>Against it: {test.against.join("; ")}.</p>}
      {test && (
        <p className="note numbers-line">
          {numbersOf(test).map(([name, value]) => (
            <span key={name}>
              {name} {value}
            </span>
          ))}
        </p>
      )}
      {against && <p className="note">Tested against: {against}.</p>}
    </section>
  );
}

/** Every number of a test, nested ones with their place. */
function numbersOf(test: Readonly<Record<string, unknown>>, place = ""): readonly (readonly [string, string])[] {
  return Object.entries(test).flatMap(([key, value]): (readonly [string, string])[] => {
    if (key === "p" && place === "") return []; // stands in the heading
    const name = `${place}${key.replaceAll("_", " ")}`;
    if (typeof value === "number") return [[name, formatNumber(value)]];
    if (typeof value === "boolean" || typeof value === "string") return [[name, String(value)]];
    if (Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "number"))
      return [[name, `[${value.map(formatNumber).join(", ")}]`]];
    return value && typeof value === "object" && !Array.isArray(value) ? [...numbersOf(value as Record<string, unknown>, `${name} `)] : [];
  });
}

/** The labels as a key to the colours. */
export function LabelKey() {
  return (
    <>
      {PATTERNS.map((label) => (
        <span key={label} className="label-key">
          <LabelSign label={label} /> {label}
        </span>
      ))}
    </>
  );
}
