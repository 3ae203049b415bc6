import type {RunReport} from "../../api/report/reportData.ts";
import {darkPalette, lightPalette} from "../plot/palette.ts";
import type {Spot} from "../view.ts";
import {controls, figureControls} from "./controls.ts";
import type {Gestures} from "./figure.ts";
import {hoverCard} from "./hoverCard.ts";
import {lensTable} from "./lensTable.ts";
import {mountFigure} from "./mountFigure.ts";
import {choose, reportStore} from "./reportView.ts";
import {runFigures} from "./runFigures.ts";
import {runReportFigures} from "./runReportFigures.ts";

/** Makes a run's report interactive: every figure, the token strip, the tables and the step share one selection. */
export function liveRun(report: RunReport): void {
  const data = runFigures(report);
  const store = reportStore(data.lastStep);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const card = hoverCard(data);
  const stepTo = (step: number): void => store.setState({step: Math.min(data.lastStep, Math.max(0, step))});
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
  figureControls(data, store);
  const updates = [
    controls(data, store),
    tokenElements(data.names.length, store, gestures),
    lensTable(data, store, stepTo),
    ...runReportFigures(report).map((figure) => mountFigure(figure, {data, store, gestures, palette: () => (dark.matches ? darkPalette : lightPalette), title: report.summary.title}))
  ];
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
  updates.forEach((update) => update());
}

const isSame = (a: Spot | undefined, b: Spot | undefined): boolean => a === b || (a !== undefined && b !== undefined && a.step === b.step && a.init === b.init && a.token === b.token);

/** Whatever in the document names a token (`data-token`) chooses it; gives the function that marks those chosen. */
function tokenElements(count: number, store: ReturnType<typeof reportStore>, gestures: Gestures): () => void {
  const nodes = [...document.querySelectorAll<HTMLElement>("[data-token]")].map((node) => ({node, token: Number(node.dataset.token)})).filter(({token}) => token < count);
  for (const {node, token} of nodes) {
    const pick = (event: MouseEvent | KeyboardEvent): void => gestures.pick(token, {extend: event.shiftKey || event.metaKey || event.ctrlKey});
    node.addEventListener("click", pick);
    if (!node.classList.contains("token")) continue;
    node.setAttribute("role", "button");
    node.setAttribute("tabindex", "0");
    node.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      pick(event);
    });
    node.addEventListener("pointerenter", (event) => gestures.point({step: store.getState().step, init: store.getState().init ?? 0, token}, [event.clientX, event.clientY]));
    node.addEventListener("pointerleave", (event) => gestures.point(undefined, [event.clientX, event.clientY]));
  }
  return () => {
    const {chosen, hover} = store.getState();
    for (const {node, token} of nodes) {
      node.classList.toggle("is-chosen", chosen.includes(token));
      node.classList.toggle("is-hovered", hover?.token === token);
      if (node.classList.contains("token")) node.setAttribute("aria-pressed", String(chosen.includes(token)));
    }
  };
}
