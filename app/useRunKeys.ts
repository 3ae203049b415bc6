import {useMemo} from "react";
import {useKeys, type KeyCommand} from "./keys.ts";
import {togglePlaying} from "./play.ts";
import type {RunData} from "./runData.ts";
import {stepTo, walk} from "./selection.ts";
import {go, showDialog, useStore} from "./store.ts";
import {HEATS} from "./view.ts";

/** The keys of the run's page. */
export function useRunKeys(data: RunData): void {
  const {lastStep} = data;
  const {length} = data.names;
  const inits = data.trace.inits.length;
  const commands = useMemo((): KeyCommand[] => {
    const view = () => useStore.getState().view;
    const step = (): number => view().step ?? lastStep;
    const nextInit = (init: number | undefined): number | undefined => (init === undefined ? 0 : init + 1 < inits ? init + 1 : undefined);
    return [
      {keys: ["ArrowLeft"], shown: "←", does: "previous token", run: ({shiftKey}) => walk(-1, length, {extend: shiftKey})},
      {keys: ["ArrowRight"], shown: "→", does: "next token", run: ({shiftKey}) => walk(1, length, {extend: shiftKey})},
      {keys: ["/"], shown: "/", does: "find a token", run: () => useStore.setState({searching: true})},
      {keys: [" "], shown: "space", does: "play or pause", run: () => togglePlaying(lastStep)},
      {keys: [","], shown: ",", does: "one step back", run: () => stepTo(step() - 1, lastStep)},
      {keys: ["."], shown: ".", does: "one step forward", run: () => stepTo(step() + 1, lastStep)},
      {keys: ["Home"], shown: "Home", does: "first step", run: () => stepTo(0, lastStep)},
      {keys: ["End"], shown: "End", does: "last step", run: () => stepTo(lastStep, lastStep)},
      {keys: ["1"], shown: "1", does: "components 1–2", run: () => go({picture: "plane", pair: [0, 1]})},
      {keys: ["2"], shown: "2", does: "components 3–4", run: () => go({picture: "plane", pair: [2, 3]})},
      {keys: ["3"], shown: "3", does: "components 5–6", run: () => go({picture: "plane", pair: [4, 5]})},
      {keys: ["u"], shown: "u", does: "UMAP", run: () => go({picture: "umap"})},
      {keys: ["w"], shown: "w", does: "waterfall", run: () => go({picture: "waterfall"})},
      {keys: ["r"], shown: "r", does: "rotations", run: () => go({picture: "rotations"})},
      {keys: ["i"], shown: "i", does: "next initial state", run: () => go({init: nextInit(view().init)})},
      {keys: ["h"], shown: "h", does: "next heat map", run: () => go({heat: HEATS[(HEATS.indexOf(view().heat) + 1) % HEATS.length]})},
      {keys: ["Escape"], shown: "Esc", does: "choose nothing", run: () => go({tokens: []})},
      {keys: ["n"], shown: "n", does: "new capture", run: () => showDialog("capture")},
      {keys: ["?"], shown: "?", does: "the keys", run: () => showDialog("keys")}
    ];
  }, [lastStep, length, inits]);
  useKeys(commands);
}
