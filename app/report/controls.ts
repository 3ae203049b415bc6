import {beyondNote, DRAWN_MEASURES, MEASURES} from "../../api/contract/choices.ts";
import {element} from "./element.ts";
import type {ReportStore} from "./reportView.ts";
import type {RunFigures} from "./runFigures.ts";

const STEPS_A_SECOND = 8;

/** The bar that stays in sight: the step looked at, the initial state, the choice. Gives the function that brings it up to date. */
export function controls({lastStep, inits, names, trained}: RunFigures, store: ReportStore): () => void {
  const range = element("input", {type: "range", min: "0", max: String(Math.max(1, lastStep)), "aria-label": "Step"});
  range.addEventListener("input", () => store.setState({step: Number(range.value)}));
  const now = element("output");
  const play = element("button", {type: "button"});
  let playing: ReturnType<typeof setInterval> | undefined;
  const stop = (): void => {
    clearInterval(playing);
    playing = undefined;
    update();
  };
  play.addEventListener("click", () => {
    if (playing !== undefined) return stop();
    if (store.getState().step >= lastStep) store.setState({step: 0});
    playing = setInterval(() => {
      const {step} = store.getState();
      if (step >= lastStep) stop();
      else store.setState({step: step + 1});
    }, 1000 / STEPS_A_SECOND);
    update();
  });
  const init = choice(
    "Initial state",
    [
      ["all", inits > 1 ? `all ${inits} initial states` : "the initial state"],
      ...Array.from({length: inits > 1 ? inits : 0}, (_, i) => [String(i), `initial state ${i + 1}`] as const)
    ],
    (value) => store.setState({init: value === "all" ? undefined : Number(value)})
  );
  const what = element("span", {class: "chosen"});
  const clear = element("button", {type: "button"}, "all tokens");
  clear.addEventListener("click", () => store.setState({chosen: []}));
  document.getElementById("controls")!.append(play, range, now, init, what, clear);

  function update(): void {
    const {step, chosen} = store.getState();
    range.value = String(step);
    range.setAttribute("aria-valuetext", `step ${step} of ${lastStep}${beyondNote(trained, step)}`);
    now.textContent = `step ${step} / ${lastStep}${beyondNote(trained, step)}`;
    play.textContent = playing === undefined ? "▶" : "❚❚";
    play.setAttribute("aria-label", playing === undefined ? "Play" : "Pause");
    what.textContent =
      chosen.length === 0
        ? "all tokens in colour; click one to choose it"
        : chosen.length <= 3
          ? chosen.map((token) => `“${names[token]}”`).join(", ")
          : `${chosen.length} tokens`;
    clear.hidden = chosen.length === 0;
  }
  return update;
}

/** The heat map's measure and the plane's components, beside their figures. */
export function figureControls({fields, points}: RunFigures, store: ReportStore): void {
  const offered = DRAWN_MEASURES.filter((key) => fields[key]);
  document.getElementById("fig-heat")?.prepend(
    element(
      "div",
      {class: "figure-tools live"},
      choice(
        "Measure",
        offered.map((key) => [key, MEASURES[key].title]),
        (measure) => store.setState({measure})
      )
    )
  );
  const pairs = [0, 2, 4].filter((first) => first + 1 < points.dims);
  document.getElementById("fig-plane")?.prepend(
    element(
      "div",
      {class: "figure-tools live"},
      choice(
        "Components",
        pairs.map((first) => [String(first), `PC${first + 1} × PC${first + 2}`]),
        (first) => store.setState({pair: [Number(first), Number(first) + 1]})
      )
    )
  );
}

function choice(label: string, options: readonly (readonly [string, string])[], onChange: (value: string) => void): HTMLElement {
  const list = element("select", {"aria-label": label}, ...options.map(([value, text]) => element("option", {value}, text)));
  list.addEventListener("change", () => onChange(list.value));
  return list;
}
