import {counted, MAX_COMPARED, promptBeside} from "../../../api/contract/choices.ts";
import type {RunSummary} from "../../../api/contract/contract.ts";
import {useRemote} from "../../source/remote.ts";
import {useSource} from "../../source/sourceContext.ts";
import {go, showDialog, useStore} from "../../state/store.ts";
import {Dialog} from "../../parts/Dialog.tsx";

/** One run of the list; where it cannot be chosen, why. */
function OfferedRun({
  run: {title, model, steps, inits, prompt},
  checked,
  refusal,
  onToggle
}: {
  run: RunSummary;
  checked: boolean;
  refusal: string | undefined;
  onToggle: () => void;
}) {
  const beside = promptBeside({title, prompt});
  return (
    <li>
      <label>
        <input type="checkbox" checked={checked} disabled={refusal !== undefined} onChange={onToggle} /> <b className="word">{title}</b>
        <span className="note">
          {model}, {steps} steps, {counted(inits, "init")}
          {beside !== undefined && ` · ${beside.slice(0, 60)}`}
          {refusal && ` · ${refusal}`}
        </span>
      </label>
    </li>
  );
}

/** Chooses the runs that are drawn over this one. */
export function CompareDialog() {
  const source = useSource();
  const {run, others} = useStore((state) => state.view);
  const list = useRemote((signal) => source.runs(signal), ["runs to compare"]);
  const all = list.status === "ready" ? list.value.runs : [];
  const own = all.find(({id}) => id === run);
  const offered = all.filter(({id, steps_written}) => id !== run && steps_written >= 0);
  const fitting = offered.filter(({width}) => width === own?.width);
  const refusalOf = ({id, width}: RunSummary): string | undefined => {
    if (own && width !== own.width) return `width ${width}; expected ${own.width}, as this run has`;
    return others.length >= MAX_COMPARED && !others.includes(id) ? `at most ${MAX_COMPARED} at a time` : undefined;
  };
  const toggle = (id: string): void => go({others: others.includes(id) ? others.filter((other) => other !== id) : [...others, id]});
  return (
    <Dialog title="Compare with" wide onClose={() => showDialog(undefined)}>
      <p className="hint">
        Runs of the same width are drawn in one basis, and their tokens are aligned by what they are; at most {MAX_COMPARED}.
      </p>
      {list.status === "loading" && <p className="note">Loading the runs …</p>}
      {list.status === "failed" && <p className="problem">{list.error.message}</p>}
      {list.status === "ready" && fitting.length === 0 && (
        <p>There is no other run of width {own?.width ?? "–"}. Capture the prompt again with another seed or a changed state.</p>
      )}
      <ul className="compare-list">
        {[...fitting, ...offered.filter((other) => !fitting.includes(other))].map((other) => (
          <OfferedRun
            key={other.id}
            run={other}
            checked={others.includes(other.id)}
            refusal={refusalOf(other)}
            onToggle={() => toggle(other.id)}
          />
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
