import {DRAWN_MEASURES, projectionFits} from "../../api/contract/choices.ts";
import type {Zoom} from "../plot/spot.ts";

/** `portrait` is the picture of the chosen token's label; the plane stands in where there is none. */
export const PICTURES = ["portrait", "plane", "umap", "waterfall", "rotations", "space"] as const;
export type Picture = (typeof PICTURES)[number];
/** A picture of all trajectories. */
export type Projected = Exclude<Picture, "portrait">;

export const FITS = projectionFits;
export type Fit = (typeof FITS)[number];

export const COLOURINGS = ["step", "logstep", "token", "init", "label", "entropy", "kl"] as const;
export type Colouring = (typeof COLOURINGS)[number];

export const HEATS = DRAWN_MEASURES;
export type Heat = (typeof HEATS)[number];

export const PANELS = ["trajectories", "heat"] as const;
export type Panel = (typeof PANELS)[number];

/** How far the trajectories and the heat map may share the width, percent. */
export const SPLITS = [25, 80] as const;

/** All lenses that the model has, side by side. */
export const EVERY_LENS = "both";

/** What the page shows: all of it stands in the address, so a link reopens it. */
export interface View {
  /** The run on the screen; undefined on the list of runs. */
  readonly run: string | undefined;
  /** A list asked for by name; undefined lets a first visit open the example. */
  readonly page:
    | "runs"
    | "experiments"
    | "evaluations"
    | "censuses"
    | "trainings"
    | "workers"
    | "generate"
    | "methods"
    | "trajectories"
    | undefined;
  /** The experiment on the screen, and the prompt of it that is looked at, by index. */
  readonly experiment: string | undefined;
  readonly prompt: number | undefined;
  /** The evaluation on the screen. */
  readonly evaluation: string | undefined;
  /** The census on the screen. */
  readonly census: string | undefined;
  /** The training run on the screen, and the save of it that is looked at, by its update; undefined means the last one. */
  readonly training: string | undefined;
  readonly save: number | undefined;
  /** Words that the prompts of the experiment's table must carry, and the column it is ordered by, with a minus from the largest down. */
  readonly sought: string;
  readonly order: string;
  /** Chosen tokens, by index; undefined means the default (the last token), empty means none. */
  readonly tokens: readonly number[] | undefined;
  /** The initial state looked at, by index; undefined means all of them. */
  readonly init: number | undefined;
  /** The step looked at; undefined means the last one there is. */
  readonly step: number | undefined;
  readonly picture: Picture;
  /** Components on the x and y axes, from 0. */
  readonly pair: readonly [number, number];
  /** Of the plane or UMAP; undefined shows the whole. */
  readonly zoom: Zoom | undefined;
  readonly fit: Fit;
  readonly site: string;
  readonly colour: Colouring;
  readonly heat: Heat;
  /** What the readout is read through: a lens's name, or every lens that the model has; undefined means the lens that the run was captured with. */
  readonly lens: string | undefined;
  /** Share of the width that the trajectories have beside the heat map, percent; undefined is the page's own. */
  readonly split: number | undefined;
  /** The one panel that has all the room; undefined shares it. */
  readonly maximised: Panel | undefined;
  /** Runs compared with this one. */
  readonly others: readonly string[];
}
