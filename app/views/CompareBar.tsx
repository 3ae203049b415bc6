import {formatNumber, formatProbability, tokenLabel} from "../plot/format.ts";
import {valueAt} from "../plot/field.ts";
import {compareColour} from "../plot/palette.ts";
import {topWordsAt} from "../runData.ts";
import {go, useStore} from "../store.ts";
import {useRunComparisons, type Comparison} from "../useComparisons.ts";
import {usePalette} from "../useTheme.ts";
import {Icon} from "./Icon.tsx";
import {Link} from "./Link.tsx";

/** The runs drawn over this one: their colour, how far they are and what they would say at this step. */
export function CompareBar({token, step}: {token: number | undefined; step: number}) {
  const palette = usePalette();
  const comparisons = useRunComparisons();
  const {others, init} = useStore((state) => state.view);
  if (others.length === 0) return null;
  if (comparisons.status === "failed") return <p className="band band-error">{comparisons.error.message}</p>;
  return (
    <ul className="compare-bar" aria-label="Compared runs">
      {others.map((id, k) => {
        const comparison = comparisons.status === "ready" ? comparisons.value.find(({data}) => data.summary.id === id) : undefined;
        return (
          <li key={id}>
            <span className="swatch" style={{background: compareColour(palette, k)}} />
            <Link view={{run: id}}>{comparison?.data.summary.title ?? id}</Link>
            {comparison && token !== undefined && <span className="note">{stateOf(comparison, {token, step, init: init ?? 0})}</span>}
            <button type="button" className="quiet icon" onClick={() => go({others: others.filter((other) => other !== id)})} aria-label={`No longer compare with ${comparison?.data.summary.title ?? id}`}>
              <Icon name="close" />
            </button>
          </li>
        );
      })}
    </ul>
  );
}

function stateOf({data, difference}: Comparison, {token, step, init}: {token: number; step: number; init: number}): string {
  if (token >= data.names.length || step > data.lastStep) return "has no such state";
  const own = {token, step, init: Math.min(init, data.trace.inits.length - 1)};
  const best = data.readout && topWordsAt(data.readout, own)[0];
  const far = step < difference.steps ? formatNumber(valueAt(difference, step, Math.min(init, difference.inits - 1), token)) : "–";
  return `“${tokenLabel(data.names[token])}”: difference ${far}${best ? `, says “${tokenLabel(best.text)}”, p ${formatProbability(best.logProbability)}` : ""}`;
}
