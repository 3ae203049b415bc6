import {wilsonInterval, type Interval} from "./interval.ts";
import type {Start, StartKind} from "./start.ts";

/** How the starts of one kind and scale fared. */
export interface BasinGroup {
  readonly kind: StartKind;
  readonly scale: number;
  readonly count: number;
  /** Starts that reached the main attractor, and those that reached another; the rest had not arrived when the run ended. */
  readonly reached: number;
  readonly elsewhere: number;
  /** 95 %, Wilson. */
  readonly interval: Interval;
}

export interface Basin {
  /** Kinds in the order of their first start, scales ascending within a kind. */
  readonly groups: readonly BasinGroup[];
  /** The largest swept scale up to which, from 0 on, every start reached the main attractor; undefined where already the smallest did not. */
  readonly radius?: number;
  /** Whether that is the largest scale swept: the basin then goes at least that far. */
  readonly radiusIsBound: boolean;
}

/**
 * The basin of the main attractor: which share of the starts of each kind and scale end there. `reached` says for each start whether it did. The
 * radius is in multiples of the model's own initial spread, along the directions drawn; scale 0 is the zero state.
 */
export function basinOf(starts: readonly Start[], place: Int32Array, main: number): Basin {
  const groups: {kind: StartKind; scale: number; count: number; reached: number; elsewhere: number}[] = [];
  starts.forEach(({kind, scale}, i) => {
    let group = groups.find((g) => g.kind === kind && g.scale === scale);
    if (!group) groups.push((group = {kind, scale, count: 0, reached: 0, elsewhere: 0}));
    group.count += 1;
    group.reached += Number(place[i] >= 0 && place[i] === main);
    group.elsewhere += Number(place[i] >= 0 && place[i] !== main);
  });
  const kinds = [...new Set(groups.map(({kind}) => kind))];
  const ordered = kinds.flatMap((kind) => groups.filter((g) => g.kind === kind).sort((a, b) => a.scale - b.scale));
  const swept = groups.filter(({kind}) => kind === "normal" || kind === "zero").sort((a, b) => a.scale - b.scale);
  const firstMiss = swept.findIndex((group) => group.reached < group.count);
  const inside = firstMiss < 0 ? swept : swept.slice(0, firstMiss);
  return {
    groups: ordered.map((group) => ({...group, interval: wilsonInterval(group.reached, group.count)})),
    radius: inside.at(-1)?.scale,
    radiusIsBound: swept.length > 0 && firstMiss < 0
  };
}
