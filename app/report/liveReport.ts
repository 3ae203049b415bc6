import {darkPalette, lightPalette, type Palette} from "../plot/palette.ts";
import type {Spot} from "../plot/spot.ts";
import type {Gestures} from "./figure.ts";
import {choose, type ReportStore} from "./reportView.ts";

/** What one kind of report brings to life. */
export interface LiveParts {
  readonly lastStep: number;
  /** Shows what lies under the pointer. */
  readonly card: (spot: Spot | undefined, at: readonly [number, number]) => void;
  /** Mounts everything; gives the functions that bring it up to date. */
  readonly mount: (gestures: Gestures, palette: () => Palette) => readonly (() => void)[];
}

/** Makes a report interactive: all that is mounted shares one selection, and follows the system between light and dark. */
export function liveReport(store: ReportStore, {lastStep, card, mount}: LiveParts): void {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const stepTo = (step: number): void => store.setState({step: Math.min(lastStep, Math.max(0, step))});
  const gestures: Gestures = {
    point(spot, at) {
      if (!isSame(spot, store.getState().hover)) store.setState({hover: spot});
      card(spot, at);
    },
    pick: (token, options) => choose(store, token, options),
    choose: (tokens) => store.setState({chosen: tokens}),
    step: stepTo,
    turn({azimuth, elevation}) {
      const {turn} = store.getState();
      store.setState({turn: {azimuth: turn.azimuth + azimuth, elevation: Math.min(90, Math.max(0, turn.elevation + elevation))}});
    }
  };
  document.documentElement.classList.add("is-live");
  const updates = mount(gestures, () => (dark.matches ? darkPalette : lightPalette));
  let frame = 0;
  const updateAll = (): void => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => updates.forEach((update) => update()));
  };
  store.subscribe(updateAll);
  dark.addEventListener("change", updateAll);
  document.addEventListener("keydown", (event) => {
    if (event.target instanceof HTMLSelectElement || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === ",") stepTo(store.getState().step - 1);
    if (event.key === ".") stepTo(store.getState().step + 1);
    if (event.key === "Escape") choose(store, undefined);
  });
  updateAll();
}

const isSame = (a: Spot | undefined, b: Spot | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && a.step === b.step && a.init === b.init && a.token === b.token);
