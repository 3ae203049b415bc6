import {useMemo} from "react";
import {useSource} from "../source/sourceContext.ts";
import {useKeys, type KeyCommand} from "../state/keys.ts";
import {togglePlaying} from "./play.ts";
import type {RunData} from "./runData.ts";
import {choose, chosenOf, stepTo, walk} from "./selection.ts";
import {nextPattern} from "./opening.ts";
import type {Verdicts} from "./verdicts.ts";
import {go, notify, showDialog, useStore} from "../state/store.ts";
import {nextLens} from "./lens/useLens.ts";
import {HEATS} from "../state/view.ts";

/** The keys of the run's page. */
export function useRunKeys(data: RunData, verdicts: Verdicts | undefined): void {
  const {lastStep} = data;
  const {kept} = useSource();
  const {length} = data.names;
  const inits = data.trace.inits.length;
  const commands = useMemo((): KeyCommand[] => {
    const view = () => useStore.getState().view;
    const nextFound = (by: 1 | -1): void => {
      const next = verdicts && nextPattern(verdicts, chosenOf(view(), length).at(-1), by, view().init);
      if (next === undefined) notify(verdicts ? "No orbit or slider in this run." : "The labels of the run are not there yet.");
      else choose(next, length);
    };
    const step = (): number => view().step ?? lastStep;
    const nextInit = (init: number | undefined): number | undefined => (init === undefined ? 0 : init + 1 < inits ? init + 1 : undefined);
    return [
      {keys: ["ArrowLeft"], run: ({shiftKey}) => walk(-1, length, {extend: shiftKey})},
      {keys: ["ArrowRight"], run: ({shiftKey}) => walk(1, length, {extend: shiftKey})},
      {keys: ["/"], run: () => useStore.setState({searching: true})},
      {keys: [" "], run: () => togglePlaying(lastStep)},
      {keys: [","], run: () => stepTo(step() - 1, lastStep)},
      {keys: ["."], run: () => stepTo(step() + 1, lastStep)},
      {keys: ["Home"], run: () => stepTo(0, lastStep)},
      {keys: ["End"], run: () => stepTo(lastStep, lastStep)},
      {keys: ["1"], run: () => go({picture: "plane", pair: [0, 1]})},
      {keys: ["2"], run: () => go({picture: "plane", pair: [2, 3]})},
      {keys: ["3"], run: () => go({picture: "plane", pair: [4, 5]})},
      {keys: ["n", "N"], run: ({shiftKey}) => nextFound(shiftKey ? -1 : 1)},
      {keys: ["p"], run: () => go({picture: "portrait"})},
      {keys: ["u"], run: () => go({picture: "umap"})},
      {keys: ["w"], run: () => go({picture: "waterfall"})},
      {keys: ["r"], run: () => go({picture: "rotations"})},
      {keys: ["i"], run: () => go({init: nextInit(view().init)})},
      {keys: ["h"], run: () => go({heat: HEATS[(HEATS.indexOf(view().heat) + 1) % HEATS.length]}, {replace: true})},
      {keys: ["l"], run: () => go({lens: nextLens(data, view().lens)})},
      ...(kept ? [] : [{keys: ["c"], run: () => showDialog("compare")}]),
      {keys: ["Escape"], run: () => go({tokens: []})}
    ];
  }, [data, kept, lastStep, length, inits, verdicts]);
  useKeys(commands);
}
