import {componentBounds} from "../../api/contract/choices.ts";
import {COLOURINGS, FITS, HEATS, LENSES, PICTURES, type View} from "./view.ts";
import type {Zoom} from "../plot/spot.ts";

/** The view that an address asks for; whatever in it makes no sense is left at its default. */
export function viewOf(search: string): View {
  const query = new URLSearchParams(search);
  return {
    run: query.get("run") || undefined,
    page: query.has("runs") ? "runs" : query.has("experiments") ? "experiments" : undefined,
    experiment: query.get("exp") || undefined,
    prompt: countOf(query.get("p")),
    sought: query.get("q") ?? "",
    order: query.get("o") ?? "",
    tokens: tokensOf(query.get("t")),
    init: countOf(query.get("i")),
    step: countOf(query.get("s")),
    picture: oneOf(PICTURES, query.get("pic"), "plane"),
    pair: pairOf(query.get("pc")),
    zoom: zoomOf(query.get("z")),
    fit: oneOf(FITS, query.get("fit"), "all"),
    site: query.get("site") || "state",
    colour: oneOf(COLOURINGS, query.get("by"), "step"),
    heat: oneOf(HEATS, query.get("heat"), "distance"),
    lens: oneOf(LENSES, query.get("lens"), undefined),
    others: (query.get("with") ?? "").split(",").filter(Boolean)
  };
}

/** The address of a view: a query of short keys, only what differs from the defaults; `?` for the default view. */
export function addressOf(view: View): string {
  const query = new URLSearchParams();
  if (view.page) query.set(view.page, "");
  if (view.experiment) query.set("exp", view.experiment);
  if (view.prompt !== undefined) query.set("p", String(view.prompt));
  if (view.sought) query.set("q", view.sought);
  if (view.order) query.set("o", view.order);
  if (view.run) query.set("run", view.run);
  if (view.tokens) query.set("t", view.tokens.length ? view.tokens.join(",") : "none");
  if (view.init !== undefined) query.set("i", String(view.init));
  if (view.step !== undefined) query.set("s", String(view.step));
  if (view.picture !== "plane") query.set("pic", view.picture);
  if (view.pair[0] !== 0 || view.pair[1] !== 1) query.set("pc", view.pair.map((k) => k + 1).join("-"));
  if (view.zoom) query.set("z", view.zoom.join(","));
  if (view.fit !== "all") query.set("fit", view.fit);
  if (view.site !== "state") query.set("site", view.site);
  if (view.colour !== "step") query.set("by", view.colour);
  if (view.heat !== "distance") query.set("heat", view.heat);
  if (view.lens) query.set("lens", view.lens);
  if (view.others.length) query.set("with", view.others.join(","));
  return `?${query
    .toString()
    .replaceAll("%2C", ",")
    .replace(/\b(runs|experiments)=(&|$)/, "$1$2")}`;
}

const COUNT = /^\d{1,9}$/;
const countOf = (text: string | null): number | undefined => (text !== null && COUNT.test(text) ? Number(text) : undefined);

function tokensOf(text: string | null): readonly number[] | undefined {
  if (text === "none") return [];
  const tokens = (text ?? "")
    .split(",")
    .filter((part) => COUNT.test(part))
    .map(Number);
  return tokens.length ? [...new Set(tokens)] : undefined;
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
