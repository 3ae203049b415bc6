import {memo, useEffect, useMemo, useRef, type MouseEvent} from "react";
import {curveAt, extentOf} from "../plot/field.ts";
import {tokenLabel} from "../plot/format.ts";
import {sparkPath} from "../plot/spark.ts";
import {beyondSpan, trainedEnd, type Pattern} from "../../api/contract/choices.ts";
import {readyValue} from "../source/remote.ts";
import type {RunData} from "./runData.ts";
import {choose, toggle} from "./selection.ts";
import {point, useStore} from "../state/store.ts";
import {useRunVerdicts} from "./useVerdicts.ts";
import {drawnAs, labelCounts} from "./verdicts.ts";
import {LabelSign} from "../parts/LabelSign.tsx";
import {MAPPED_FROM, TokenMap} from "./TokenMap.tsx";
import {TokenSearch} from "./TokenSearch.tsx";

const SPARK = {width: 34, height: 12};

/** The curve under each token, and where in it the trained steps end. */
function useSparks({fields: {distance}, names, trace}: RunData, init: number) {
  const last = distance.steps - 1;
  const end = trainedEnd(trace.trained_steps, last);
  const sparks = useMemo(() => {
    const [low, high] = extentOf(distance, {positive: true}) ?? [0.1, 1];
    return names.map((_, token) => sparkPath(curveAt(distance, Math.min(init, distance.inits - 1), token), {...SPARK, low, high}));
  }, [distance, init, names]);
  const beyond = useMemo(
    () => (end === undefined ? undefined : {x: (end / last) * SPARK.width, words: beyondSpan(end, last).slice(2)}),
    [end, last]
  );
  return {sparks, beyond};
}

/** What is chosen elsewhere comes into sight here; the focus follows only if it was here already. */
function useInSight(current: number | undefined) {
  const strip = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const option = current === undefined ? undefined : strip.current?.querySelector<HTMLElement>(`[data-token="${current}"]`);
    option?.scrollIntoView({block: "nearest", inline: "nearest"});
    if (option && strip.current?.contains(document.activeElement)) option.focus({preventScroll: true});
  }, [current]);
  return strip;
}

const tokenOf = (event: MouseEvent): number | undefined => {
  const option = (event.target as HTMLElement).closest<HTMLElement>("[data-token]");
  return option ? Number(option.dataset.token) : undefined;
};

function click(event: MouseEvent, count: number): void {
  const token = tokenOf(event);
  if (token === undefined) return;
  if (event.metaKey || event.ctrlKey) toggle(token, count);
  else choose(token, count, {extend: event.shiftKey});
}

function pointAt(event: MouseEvent, {lastStep}: RunData, init: number): void {
  const token = tokenOf(event);
  const step = Math.min(useStore.getState().view.step ?? lastStep, lastStep);
  point(token === undefined ? undefined : {token, init, step}, [event.clientX, event.clientY]);
}

/** The prompt, a token at a time: text, and below it the distance to the last state by step. Arrows walk, shift extends. */
export function TokenStrip({data, chosen}: {data: RunData; chosen: readonly number[]}) {
  const shownInit = useStore((state) => state.view.init);
  const init = shownInit ?? 0;
  const verdicts = readyValue(useRunVerdicts());
  const hovered = useStore((state) => state.hover?.token);
  const searching = useStore((state) => state.searching);
  const current = chosen.at(-1);
  const {sparks, beyond} = useSparks(data, init);
  const strip = useInSight(current);
  const mapped = useMemo(
    () => (verdicts && data.names.length >= MAPPED_FROM ? data.names.map((_, token) => drawnAs(verdicts, token, shownInit)) : undefined),
    [verdicts, data.names, shownInit]
  );
  return (
    <section className="strip-place" aria-label="Prompt">
      {mapped && <TokenMap strip={strip} labels={mapped} />}
      <div
        ref={strip}
        className="strip"
        role="listbox"
        aria-label="Tokens of the prompt"
        aria-multiselectable="true"
        aria-orientation="horizontal"
        onClick={(event) => click(event, data.names.length)}
        onMouseMove={(event) => pointAt(event, data, init)}
        onMouseLeave={() => point(undefined)}
      >
        {data.names.map((text, token) => (
          <Token
            key={token}
            labels={verdicts ? labelCounts(verdicts, token, shownInit) : NO_LABELS}
            token={token}
            text={text}
            spark={sparks[token]}
            beyond={beyond}
            made={madeWords(data.trace.generated, token)}
            isFirstMade={data.trace.generated?.from === token}
            chosen={chosen.includes(token)}
            hovered={hovered === token}
            tabbable={token === (current ?? 0)}
          />
        ))}
      </div>
      {searching && <TokenSearch names={data.names} />}
    </section>
  );
}

interface TokenProps {
  readonly token: number;
  readonly text: string;
  /** Labels of the token's trajectories and how often they occur. */
  readonly labels: readonly (readonly [Pattern, number])[];
  readonly spark: string;
  /** Where in the spark the trained steps end, in pixels, and the words for it. */
  readonly beyond: {readonly x: number; readonly words: string} | undefined;
  /** Of a token that the model made: how many steps its position took. */
  readonly made: string | undefined;
  readonly isFirstMade: boolean;
  readonly chosen: boolean;
  readonly hovered: boolean;
  readonly tabbable: boolean;
}

const madeWords = (generated: RunData["trace"]["generated"], token: number): string | undefined =>
  generated && `${token < generated.from ? "prompt" : "new"}, ${generated.steps[token]} steps`;

const NO_LABELS: TokenProps["labels"] = [];

/** The underline: a piece of each label's colour, as long as its share of the inits. */
function stripesOf(labels: TokenProps["labels"]): string | undefined {
  if (labels.length === 0) return undefined;
  const all = labels.reduce((sum, [, count]) => sum + count, 0);
  let from = 0;
  const stops = labels.map(([label, count]) => {
    const to = from + (100 * count) / all;
    const stop = `var(--${label}) ${from}% ${to}%`;
    from = to;
    return stop;
  });
  return `linear-gradient(to right, ${stops.join(", ")})`;
}

const Token = memo(function Token({token, text, labels, spark, beyond, made, isFirstMade, chosen, hovered, tabbable}: TokenProps) {
  return (
    <div
      role="option"
      data-token={token}
      aria-selected={chosen}
      tabIndex={tabbable ? 0 : -1}
      className={`token${hovered ? " hovered" : ""}${isFirstMade ? " first-made" : ""}`}
      title={`token ${token}${made ? ` (${made})` : ""}${labels.length ? `: ${labels.map(([label, count]) => `${count} ${label}`).join(", ")}` : ""}${beyond ? `; ${beyond.words}` : ""}`}
    >
      <span className="token-text">{tokenLabel(text)}</span>
      <svg width={SPARK.width} height={SPARK.height + 2} viewBox={`0 -1 ${SPARK.width} ${SPARK.height + 2}`} aria-hidden="true">
        {beyond && <path d={`M${beyond.x} 0V${SPARK.height}`} className="spark-end" />}
        <path d={spark} fill="none" stroke="currentColor" strokeWidth="1" />
      </svg>
      <span className="token-label" style={{background: stripesOf(labels)}} />
      {labels.some(([label]) => label === "orbit" || label === "slider") && (
        <LabelSign label={labels.some(([label]) => label === "orbit") ? "orbit" : "slider"} />
      )}
    </div>
  );
});
