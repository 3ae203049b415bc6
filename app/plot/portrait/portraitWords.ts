import {beyondNote, nounOf, type Trained} from "../../../api/contract/choices.ts";
import {formatNumber, formatShare} from "../format.ts";
import type {PortraitData} from "./portraitData.ts";

/** What a portrait's panes are called, and what they show. */
interface PortraitWords {
  /** Whose picture it is, and what is seen. */
  readonly title: string;
  /** How the plane was made, and what it leaves out. */
  readonly note: string;
  readonly plane: readonly [title: string, note: string];
  readonly course: readonly [title: string, note: string];
  readonly recurrence: readonly [title: string, note: string];
  /** How the initial states stand to one another, in one sentence; empty for one. */
  readonly companions: string;
}

/** The words of a portrait; `name` is the token's text as it is drawn, `trained` how many steps the model was trained with. */
export function portraitWords({info}: PortraitData, name: string, trained?: Trained): PortraitWords {
  const {pattern, window, period, rate, drift_speed, init, inits, share, residual, noise_floor, great_circle, left_out, token} = info;
  const steps = `steps ${window[0]} to ${window[1]}${beyondNote(trained, window[1], window[0])}`;
  const from = inits.length > 1 ? `, init ${init + 1}` : "";
  const who = `“${name}”, token ${token}${from}`;
  const fit = `fitted on its ${steps}`;
  const without = left_out.length === 0 ? "" : `, without noisy ${nounOf(left_out.length, "coordinate")} ${left_out.join(", ")}`;
  const shown = `${formatShare(share)} of the variance${without}`;
  const off = `${formatNumber(residual)} of the norm off the fit`;
  const companions = companionsOf(info);
  if (pattern === "orbit") {
    const turns = `every ${formatNumber(period ?? NaN)} steps`;
    return {
      title: `Orbit of ${who}: round ${turns}`,
      note: `${fit}; ${off}`,
      plane: [(period ?? 0) < 2.05 ? "To and fro" : "Orbit plane", `${shown}; colour: phase; grey: the way there`],
      course: ["Unrolled", `first axis by step; a line ${turns}`],
      recurrence: ["Recurrence", "step i to step j; stripes: the period"],
      companions
    };
  }
  if (pattern === "slider")
    return {
      title: `Slider of ${who}: ${formatNumber(drift_speed ?? NaN)} rad a step${great_circle ? " along a great circle" : ""}`,
      note: `${fit}; ${off}`,
      plane: [great_circle ? "The great circle" : "Along the drift", `${shown}; arrow: the drift`],
      course: [great_circle ? "Angle along the circle" : "Distance along the drift", `by step, with its fit; below: the residual`],
      recurrence: ["Recurrence", "step i to step j; nothing comes back"],
      companions
    };
  const how = rate === null ? "at rest" : `keeps ${formatNumber(rate)} of its distance a step`;
  return {
    title: `Approach of ${who}: ${how}${period === null ? "" : `, turning every ${formatNumber(period)} steps`}`,
    note: `${rate === null ? `rests over ${steps}` : `rate fitted on ${steps}`}; noise floor ${formatNumber(noise_floor)} of the norm`,
    plane: [period === null ? "The way to the end" : "Spiral", `rings: distance to the end, a decade each; true angles${without}`],
    course: ["Distance to the end", `by step, log; dashed: the fitted rate; grey: noise`],
    recurrence: ["Recurrence", "step i to step j; dark: at rest"],
    companions
  };
}

function companionsOf({companions, inits, init, pattern}: PortraitData["info"]): string {
  if (inits.length < 2) return "";
  const others = companions.map((companion, place) => ({...companion, init: inits[place]})).filter((one) => one.init !== init);
  const named = (relation: string): string =>
    others
      .filter((one) => one.relation === relation)
      .map((one) => one.init + 1)
      .join(", ");
  const shifted = others.filter(({relation}) => relation === "phase");
  const whole = pattern === "orbit" ? "cycle" : pattern === "slider" ? "way" : "place";
  const parts = [
    ["same", `the same ${whole} at the same time`] as const,
    ["closing", `still closing in on it`] as const,
    ["apart", `another ${whole}`] as const
  ].flatMap(([relation, words]) => (named(relation) ? [`init ${named(relation)}: ${words}`] : []));
  const late = shifted.length
    ? [`init ${named("phase")}: the same ${whole}, shifted by ${shifted.map(({lag}) => formatNumber(lag)).join(", ")} steps`]
    : [];
  const all = others.every(({relation}) => relation === "same" || relation === "phase");
  const details = [...late, ...(shifted.length === 0 && all ? [] : parts)];
  return `${all ? "One" : "Not one"} ${whole} from every init${details.length ? `: ${details.join("; ")}` : ""}.`;
}
