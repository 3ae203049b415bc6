import {Icon} from "../parts/Icon.tsx";
import {go, useStore} from "../state/store.ts";
import type {Panel} from "../state/view.ts";

/** Gives a panel all the room, or shares it again. */
export function MaximiseButton({panel}: {panel: Panel}) {
  const maximised = useStore((state) => state.view.maximised === panel);
  const text = maximised ? "Share the room again" : "All the room for this";
  return (
    <button
      type="button"
      className="icon quiet maximise"
      aria-pressed={maximised}
      aria-label={text}
      title={text}
      onClick={() => go({maximised: maximised ? undefined : panel}, {replace: true})}
    >
      <Icon name={maximised ? "shrink" : "grow"} />
    </button>
  );
}
