import {useRemote} from "../remote.ts";
import {useSource} from "../sourceContext.ts";
import {go, showDialog, useStore} from "../store.ts";
import {Dialog} from "./Dialog.tsx";

const MAX_OTHERS = 3;

/** Chooses the runs that are drawn over this one. */
export function CompareDialog() {
  const source = useSource();
  const {run, others} = useStore((state) => state.view);
  const list = useRemote((signal) => source.runs(signal), ["runs to compare"]);
  const all = list.status === "ready" ? list.value.runs : [];
  const own = all.find(({id}) => id === run);
  const fitting = all.filter(({id, width, steps_written}) => id !== run && own && width === own.width && steps_written >= 0);
  const toggle = (id: string): void => go({others: others.includes(id) ? others.filter((other) => other !== id) : [...others, id].slice(-MAX_OTHERS)});
  return (
    <Dialog title="Compare with" wide onClose={() => showDialog(undefined)}>
      <p className="hint">Runs of the same width are drawn in this run's basis, token by token at the same place of the prompt; at most {MAX_OTHERS}.</p>
      {list.status === "loading" && <p className="note">Loading the runs …</p>}
      {list.status === "failed" && <p className="problem">{list.error.message}</p>}
      {list.status === "ready" && fitting.length === 0 && <p>There is no other run of width {own?.width ?? "–"}. Capture the prompt again with another seed or a changed state.</p>}
      <ul className="compare-list">
        {fitting.map(({id, title, model, steps, inits, prompt}) => (
          <li key={id}>
            <label>
              <input type="checkbox" checked={others.includes(id)} onChange={() => toggle(id)} /> <b className="word">{title}</b>
              <span className="note">
                {model}, {steps} steps, {inits} {inits === 1 ? "init" : "inits"}
                {prompt !== null && prompt.trim() !== title && ` · ${prompt.slice(0, 60)}`}
              </span>
            </label>
          </li>
        ))}
      </ul>
      <p className="dialog-end">
        <button type="button" className="primary" onClick={() => showDialog(undefined)}>
          Done
        </button>
      </p>
    </Dialog>
  );
}
