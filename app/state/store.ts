import {create} from "zustand";
import type {CensusEntry, Evaluation, Experiment, Info, Job, Training} from "../../api/contract/contract.ts";
import {addressOf, viewOf} from "./address.ts";
import type {Spot} from "../plot/spot.ts";
import type {View} from "./view.ts";

type Dialog = "capture" | "keys" | "compare" | "experiment" | "evaluation" | "census" | "training" | "open" | undefined;
type Theme = "system" | "light" | "dark";

/** A line at the foot of the page, with one thing that can be done about it. */
interface Notice {
  readonly text: string;
  readonly action?: {readonly label: string; readonly run: () => void};
}

/** What two or more views share. Remote data lives in the views that ask for it. */
interface State {
  readonly view: View;
  readonly hover: Spot | undefined;
  /** Where the pointer is, in window pixels; undefined when the hover came from the keyboard. */
  readonly pointer: readonly [number, number] | undefined;
  readonly playing: boolean;
  readonly theme: Theme;
  readonly dialog: Dialog;
  readonly searching: boolean;
  /** Files that were dropped or chosen, to be opened. */
  readonly incoming: readonly File[];
  readonly online: boolean;
  /** What answers, and whom it takes one for; undefined until it was asked. */
  readonly server: Info | undefined;
  /** The server was there and asked for a token that this page has not. */
  readonly signedOut: boolean;
  readonly jobs: readonly Job[];
  /** Experiments that the server has told of since it was reached, by id: those that it runs or has run. */
  readonly experiments: Readonly<Record<string, Experiment>>;
  /** Evaluations, likewise. */
  readonly evaluations: Readonly<Record<string, Evaluation>>;
  /** Censuses, likewise. */
  readonly censuses: Readonly<Record<string, CensusEntry>>;
  /** Trainings, likewise. */
  readonly trainings: Readonly<Record<string, Training>>;
  /** The token that is chosen where the view says nothing: the one of the run on the screen that says most; the last one while nothing is known. */
  readonly opening: number | undefined;
  /** Counts reconnections: what was loaded before may be old. */
  readonly epoch: number;
  readonly notice: Notice | undefined;
}

export const useStore = create<State>()(() => ({
  view: viewOf(globalThis.location?.search ?? ""),
  hover: undefined,
  pointer: undefined,
  playing: false,
  theme: themeOf(globalThis.localStorage?.getItem("orrery.theme") ?? null),
  dialog: undefined,
  searching: false,
  incoming: [],
  online: true,
  server: undefined,
  signedOut: false,
  jobs: [],
  experiments: {},
  evaluations: {},
  censuses: {},
  trainings: {},
  opening: undefined,
  epoch: 0,
  notice: undefined
}));

const OTHER_COORDINATES = ["run", "picture", "pair", "fit", "site"] as const; // what changes them ends a zoom

const ADDRESS_PAUSE_MS = 250; // browsers refuse more than a few address changes a second
let pending: ReturnType<typeof setTimeout> | undefined;

/**
 * Changes the view and its address. A push can be taken back with the browser's back button; `replace` is for what
 * changes many times a second, as the step does.
 */
export function go(patch: Partial<View>, {replace = false}: {replace?: boolean} = {}): void {
  if (!replace) writeAddress(); // what Back comes to
  const view = {...useStore.getState().view, ...(OTHER_COORDINATES.some((key) => key in patch) && {zoom: undefined}), ...patch};
  useStore.setState({view});
  if (replace) {
    clearTimeout(pending);
    pending = setTimeout(writeAddress, ADDRESS_PAUSE_MS);
  } else if (addressOf(view) !== location.search) {
    history.pushState(null, "", addressOf(view));
  }
}

/** Puts a change that still waits into the address. */
function writeAddress(): void {
  if (pending === undefined) return;
  clearTimeout(pending);
  pending = undefined;
  history.replaceState(null, "", addressOf(useStore.getState().view));
}

/** Opens a run with everything else at its default, or the list of runs. */
export const openRun = (run: string): void => go({...viewOf(""), run});
export const openRuns = (): void => go({...viewOf(""), page: "runs"});

/** Follows the browser's back and forward; returns the function that stops it. */
export function followHistory(): () => void {
  const follow = (): void => {
    clearTimeout(pending);
    pending = undefined;
    useStore.setState({view: viewOf(location.search), playing: false, hover: undefined});
  };
  addEventListener("popstate", follow);
  return () => removeEventListener("popstate", follow);
}

export function point(hover: Spot | undefined, pointer?: readonly [number, number]): void {
  const before = useStore.getState();
  if (sameSpot(before.hover, hover) && !pointer && !before.pointer) return;
  useStore.setState({hover, pointer});
}

const sameSpot = (a: Spot | undefined, b: Spot | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && a.step === b.step && a.init === b.init && a.token === b.token);

export function setTheme(theme: Theme): void {
  localStorage.setItem("orrery.theme", theme);
  useStore.setState({theme});
}

export const notify = (text: string, action?: Notice["action"]): void => useStore.setState({notice: {text, action}});

const CHANGING: readonly Dialog[] = ["capture", "experiment", "evaluation", "census", "training"];

export function showDialog(dialog: Dialog): void {
  if (CHANGING.includes(dialog) && useStore.getState().server?.visitor.read_only) notify("Your token is read-only.");
  else useStore.setState({dialog, playing: false});
}

function themeOf(text: string | null): Theme {
  return text === "light" || text === "dark" ? text : "system";
}
