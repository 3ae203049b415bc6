import {counted} from "../../api/contract/choices.ts";
import type {ListedRun} from "../../api/contract/contract.ts";
import {formatBytes} from "../plot/format.ts";
import {useSource} from "../source/sourceContext.ts";
import {viewOf} from "../state/address.ts";
import {go, notify} from "../state/store.ts";
import {useMayChange} from "../parts/Changes.tsx";
import {compareProblem} from "./runSelection.ts";

interface SelectionBarProps {
  readonly runs: readonly ListedRun[];
  readonly onClear: () => void;
  readonly onChange: () => void;
}

/** What can be done with the selected runs together. */
export function SelectionBar({runs, onClear, onChange}: SelectionBarProps) {
  const source = useSource();
  const problem = compareProblem(runs);
  const mayChange = useMayChange(null);
  const own = runs.filter(({example, live}) => !example && !live);
  const compare = (): void => {
    const [first, ...others] = runs.map(({id}) => id);
    go({...viewOf(""), run: first, others});
  };
  async function remove(): Promise<void> {
    const ends = await Promise.allSettled(own.map(({id}) => source.remove(id)));
    const gone = own.filter((_, i) => ends[i].status === "fulfilled");
    const failed = ends.find((end) => end.status === "rejected");
    const restore = (): void =>
      void Promise.all(gone.map(({id}) => source.restore(id))).then(onChange, (error: Error) => notify(error.message));
    onClear();
    onChange();
    if (failed) notify(`${gone.length} of ${own.length} runs deleted: ${(failed.reason as Error).message}`);
    else notify(`Deleted ${counted(gone.length, "run")}.`, {label: "Undo", run: restore});
  }
  return (
    <div className="selection-bar" role="group" aria-label="Selected runs">
      <b role="status">
        {runs.length} selected, {formatBytes(runs.reduce((sum, {bytes}) => sum + bytes, 0))}
      </b>
      <button type="button" onClick={compare} disabled={problem !== undefined} title={problem}>
        Compare
      </button>
      {mayChange && (
        <button
          type="button"
          onClick={() => void remove()}
          disabled={own.length === 0}
          title={own.length < runs.length ? "Examples and runs under way stay" : undefined}
        >
          Delete {own.length < runs.length ? own.length : ""}
        </button>
      )}
      <button type="button" className="quiet" onClick={onClear}>
        Clear
      </button>
    </div>
  );
}
