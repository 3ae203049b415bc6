import {componentBounds} from "../../api/contract/choices.ts";
import {COLOURINGS, FITS, HEATS, PANELS, PICTURES, SPLITS, type Picture, type View} from "./view.ts";
import type {Zoom} from "../plot/spot.ts";

const MOST_NAME = 40; // characters of a lens

const PAGES = ["runs", "experiments", "evaluations", "censuses", "trainings", "workers", "generate", "methods", "trajectories"] as const;

/** A list stands in an address by its name alone. */
const EMPTY_PAGE = new RegExp(`\\b(${PAGES.join("|")})=(&|$)`);

/** The view that an address asks for; whatever in it makes no sense is left at its default. */
export function viewOf(search: string): View {
  const query = new URLSearchParams(search);
  const [pair, zoom, fit] = [pairOf(query.get("pc")), zoomOf(query.get("z")), oneOf(FITS, query.get("fit"), "all")];
  return {
    run: query.get("run") || undefined,
    page: PAGES.find((page) => query.has(page)),
    experiment: query.get("exp") || undefined,
    evaluation: query.get("eval") || undefined,
    census: query.get("census") || undefined,
    training: query.get("train") || undefined,
    save: countOf(query.get("u")),
    prompt: countOf(query.get("p")),
    sought: query.get("q") ?? "",
    order: query.get("o") ?? "",
    tokens: tokensOf(query.get("t")),
    init: countOf(query.get("i")),
    step: countOf(query.get("s")),
    picture: oneOf(PICTURES, query.get("pic"), impliedPicture({pair, zoom, fit})),
    pair,
    zoom,
    fit,
    site: query.get("site") || "state",
    colour: oneOf(COLOURINGS, query.get("by"), "logstep"),
    heat: oneOf(HEATS, query.get("heat"), "distance"),
    lens: query.get("lens")?.slice(0, MOST_NAME),
    split: splitOf(query.get("split")),
    maximised: oneOf(PANELS, query.get("max"), undefined),
    others: (query.get("with") ?? "").split(",").filter(Boolean)
  };
}

/** The address of a view: a query of short keys, only what differs from the defaults; `?` for the default view. */
export function addressOf(view: View): string {
  const query = new URLSearchParams();
  if (view.page) query.set(view.page, "");
  if (view.experiment) query.set("exp", view.experiment);
  if (view.evaluation) query.set("eval", view.evaluation);
  if (view.census) query.set("census", view.census);
  if (view.training) query.set("train", view.training);
  if (view.save !== undefined) query.set("u", String(view.save));
  if (view.prompt !== undefined) query.set("p", String(view.prompt));
  if (view.sought) query.set("q", view.sought);
  if (view.order) query.set("o", view.order);
  if (view.run) query.set("run", view.run);
  if (view.tokens) query.set("t", view.tokens.length ? rangesOf(view.tokens) : "none");
  if (view.init !== undefined) query.set("i", String(view.init));
  if (view.step !== undefined) query.set("s", String(view.step));
  if (view.pair[0] !== 0 || view.pair[1] !== 1) query.set("pc", view.pair.map((k) => k + 1).join("-"));
  if (view.zoom) query.set("z", view.zoom.join(","));
  if (view.fit !== "all") query.set("fit", view.fit);
  if (view.picture !== impliedPicture(view)) query.set("pic", view.picture);
  if (view.site !== "state") query.set("site", view.site);
  if (view.colour !== "logstep") query.set("by", view.colour);
  if (view.heat !== "distance") query.set("heat", view.heat);
  if (view.lens) query.set("lens", view.lens);
  if (view.split !== undefined) query.set("split", String(view.split));
  if (view.maximised) query.set("max", view.maximised);
  if (view.others.length) query.set("with", view.others.join(","));
  return `?${query.toString().replaceAll("%2C", ",").replace(EMPTY_PAGE, "$1$2")}`;
}

const COUNT = /^\d{1,9}$/;
const countOf = (text: string | null): number | undefined => (text !== null && COUNT.test(text) ? Number(text) : undefined);

const RANGE = /^(\d{1,9})(?:-(\d{1,9}))?$/;
const MOST_TOKENS = 100_000; // of the longest prompt: a range that says more is none

/** Indices, and ranges with both ends: `3,5-9`. */
function tokensOf(text: string | null): readonly number[] | undefined {
  if (text === "none") return [];
  const tokens = new Set<number>();
  for (const part of (text ?? "").split(",")) {
    const [, first, last = first] = RANGE.exec(part) ?? [];
    if (first === undefined || Number(last) - Number(first) >= MOST_TOKENS) continue;
    for (let token = Number(first); token <= Number(last); ++token) tokens.add(token);
  }
  return tokens.size ? [...tokens] : undefined;
}

/** Tokens as they were chosen, three or more in a row as a range. */
function rangesOf(tokens: readonly number[]): string {
  const parts: string[] = [];
  for (let i = 0; i < tokens.length; ) {
    let end = i;
    while (end + 1 < tokens.length && tokens[end + 1] === tokens[end] + 1) ++end;
    parts.push(...(end - i > 1 ? [`${tokens[i]}-${tokens[end]}`] : tokens.slice(i, end + 1).map(String)));
    i = end + 1;
  }
  return parts.join(",");
}

/** What an address shows that names no picture: links to components, a zoom or a fit are about the plane. */
const impliedPicture = ({pair, zoom, fit}: Pick<View, "pair" | "zoom" | "fit">): Picture =>
  pair[0] !== 0 || pair[1] !== 1 || zoom || fit !== "all" ? "plane" : "portrait";

function splitOf(text: string | null): number | undefined {
  const share = countOf(text);
  return share !== undefined && share >= SPLITS[0] && share <= SPLITS[1] ? share : undefined;
}

function pairOf(text: string | null): readonly [number, number] {
  const match = /^(\d{1,2})-(\d{1,2})$/.exec(text ?? "");
  if (!match) return [0, 1];
  const [x, y] = [Number(match[1]) - 1, Number(match[2]) - 1];
  const inRange = (k: number): boolean => k >= 0 && k < componentBounds.most;
  return inRange(x) && inRange(y) && x !== y ? [x, y] : [0, 1];
}

const NUMBERS = /^-?[\d.]+(e-?\d+)?(,-?[\d.]+(e-?\d+)?){2}$/;

function zoomOf(text: string | null): Zoom | undefined {
  if (!NUMBERS.test(text ?? "")) return undefined;
  const [scale, x, y] = (text as string).split(",").map(Number);
  return scale > 0 && [scale, x, y].every(Number.isFinite) ? [scale, x, y] : undefined;
}

const oneOf = <T extends string, U extends T | undefined>(allowed: readonly T[], text: string | null, otherwise: U): T | U =>
  allowed.find((value) => value === text) ?? otherwise;
