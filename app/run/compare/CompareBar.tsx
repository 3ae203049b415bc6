import {notesOf} from "./compare.ts";
import {compareColour} from "../../plot/palette.ts";
import {readyValue} from "../../source/remote.ts";
import type {RunData} from "../runData.ts";
import {go, useStore} from "../../state/store.ts";
import {useRunComparisons, type Comparison, type Refusal} from "./useComparisons.ts";
import {usePalette} from "../../state/useTheme.ts";
import {AlignedTokens} from "./AlignedTokens.tsx";
import {Icon} from "../../parts/Icon.tsx";
import {Link} from "../../parts/Link.tsx";

/** The runs drawn over this one: their colour, what else is different, and how their tokens are aligned. */
export function CompareBar({data, chosen}: {data: RunData; chosen: readonly number[]}) {
  const palette = usePalette();
  const comparisons = useRunComparisons();
  const others = useStore((state) => state.view.others);
  if (others.length === 0) return null;
  if (comparisons.status === "failed") return <p className="band band-error">{comparisons.error.message}</p>;
  return (
    <ul className="compare-bar" aria-label="Compared runs">
      {others.map((id, index) => {
        const found = readyValue(comparisons)?.find((one) => one.id === id);
        const name = found && "data" in found ? found.data.summary.title : id;
        return (
          <li key={id}>
            <p className="compare-head">
              <span className="swatch" style={{background: compareColour(palette, index)}} />
              <Link view={{run: id}}>{name}</Link>
              <CompareNote data={data} found={found} />
              <button
                type="button"
                className="quiet icon"
                onClick={() => go({others: others.filter((other) => other !== id)})}
                aria-label={`No longer compare with ${name}`}
              >
                <Icon name="close" />
              </button>
            </p>
            {found && "data" in found && (
              <AlignedTokens own={data.names} other={found.data.names} alignment={found.alignment} chosen={chosen} title={name} />
            )}
          </li>
        );
      })}
    </ul>
  );
}

function CompareNote({data, found}: {data: RunData; found: Comparison | Refusal | undefined}) {
  if (!found) return <span className="note">aligning …</span>;
  if ("refused" in found) return <span className="problem">{found.refused}</span>;
  return <span className="note">{notesOf(data, found.data, found.alignment).join(" · ")}</span>;
}
