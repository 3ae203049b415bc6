import {useEffect, useMemo, useState, type KeyboardEvent, type MouseEvent, type RefObject} from "react";
import type {Pattern} from "../../api/contract/choices.ts";
import {tokenRuns} from "./tokenRuns.ts";

/** From so many tokens on, the strip shows a part of the prompt only, however wide it is. */
export const MAPPED_FROM = 200;

const LEAST_SHARE = 1 / 500; // of the width: an orbit of one token is seen among thousands
const RARE: readonly Pattern[] = ["slider", "orbit"];

interface TokenMapProps {
  /** The strip that scrolls below the map. */
  readonly strip: RefObject<HTMLDivElement | null>;
  /** What each token is drawn as. */
  readonly labels: readonly (Pattern | undefined)[];
}

/** All of a long prompt in one line, coloured by label, with the part that the strip shows; a click or a key goes to another part. */
export function TokenMap({strip, labels}: TokenMapProps) {
  const count = labels.length;
  const shown = useShown(strip, count);
  const runs = useMemo(() => tokenRuns(labels), [labels]);
  const goTo = (token: number): void => {
    const node = strip.current;
    const option = optionAt(node, Math.max(0, Math.min(count - 1, token)));
    if (node && option) node.scrollTop = option.offsetTop - (optionAt(node, 0)?.offsetTop ?? 0);
  };
  const press = (event: KeyboardEvent): void => {
    const to = targetOf(event.key, shown, count);
    if (to === undefined) return;
    event.preventDefault();
    goTo(to);
  };
  const click = ({clientX, currentTarget}: MouseEvent): void => {
    const {left, width} = currentTarget.getBoundingClientRect();
    goTo(Math.floor(((clientX - left) / width) * count));
  };
  const least = count * LEAST_SHARE;
  return (
    <div
      className="token-map"
      role="slider"
      tabIndex={0}
      aria-label="Part of the prompt"
      aria-valuemin={0}
      aria-valuemax={count - 1}
      aria-valuenow={shown.from}
      aria-valuetext={`tokens ${shown.from} to ${shown.to} of ${count}`}
      title={`tokens ${shown.from} to ${shown.to} of ${count}; click to go to others`}
      onClick={click}
      onKeyDown={press}
    >
      <svg viewBox={`0 0 ${count} 1`} preserveAspectRatio="none" aria-hidden="true">
        {[...runs]
          .sort((a, b) => RARE.indexOf(a.label) - RARE.indexOf(b.label))
          .map(({from, to, label}) => (
            <rect key={from} x={from} width={Math.max(to - from, RARE.includes(label) ? least : 0)} height={1} fill={`var(--${label})`} />
          ))}
      </svg>
      <span
        className="token-map-window"
        style={{left: `${(100 * shown.from) / count}%`, width: `${(100 * (shown.to + 1 - shown.from)) / count}%`}}
      />
    </div>
  );
}

interface Shown {
  readonly from: number;
  readonly to: number;
}

/** Where a key leads: a part further, to the beginning, to the end. */
function targetOf(key: string, {from, to}: Shown, count: number): number | undefined {
  if (key === "ArrowRight" || key === "ArrowDown" || key === "PageDown") return to + 1;
  if (key === "ArrowLeft" || key === "ArrowUp" || key === "PageUp") return from - (to + 1 - from);
  if (key === "Home") return 0;
  return key === "End" ? count - 1 : undefined;
}

const optionAt = (strip: HTMLElement | null, token: number): HTMLElement | null =>
  strip?.querySelector<HTMLElement>(`[data-token="${token}"]`) ?? null;

/** The tokens that the strip shows, as it is scrolled and as wide as it is. */
function useShown(strip: RefObject<HTMLDivElement | null>, count: number): Shown {
  const [shown, setShown] = useState<Shown>({from: 0, to: 0});
  // biome-ignore lint/correctness/useExhaustiveDependencies: another prompt has other tokens
  useEffect(() => {
    const node = strip.current;
    if (!node) return;
    const look = (): void => {
      const tokens = [...node.querySelectorAll<HTMLElement>("[data-token]")];
      const top = node.scrollTop + (tokens[0]?.offsetTop ?? 0);
      const middles = tokens.map(({offsetTop, offsetHeight}) => offsetTop + offsetHeight / 2 - top);
      const from = middles.findIndex((middle) => middle >= 0);
      const to = middles.findLastIndex((middle) => middle <= node.clientHeight);
      setShown({from: Math.max(0, from), to: Math.max(from, to, 0)});
    };
    const observer = new ResizeObserver(look);
    observer.observe(node);
    node.addEventListener("scroll", look, {passive: true});
    return () => {
      observer.disconnect();
      node.removeEventListener("scroll", look);
    };
  }, [strip, count]);
  return shown;
}
