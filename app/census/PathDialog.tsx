import {extent} from "d3-array";
import type {CensusRowAnswer} from "../../api/contract/contract.ts";
import {formatNumber, tokenLabel} from "../plot/format.ts";
import {Band} from "../parts/Band.tsx";
import {Dialog} from "../parts/Dialog.tsx";
import {useRemote} from "../source/remote.ts";
import {useSource} from "../source/sourceContext.ts";

interface PathDialogProps {
  readonly id: string;
  readonly row: CensusRowAnswer;
  readonly onClose: () => void;
}

const SIZE = 420;
const EDGE = 16;

/** The principal components of one trajectory whose states were not kept: its inner products still have them. */
export function PathDialog({id, row, onClose}: PathDialogProps) {
  const source = useSource();
  const {prompt, token, init} = row;
  const path = useRemote((signal) => source.censusPath(id, {prompt, token, init}, signal), ["path"], `${id} ${prompt} ${token} ${init}`);
  return (
    <Dialog title={`Prompt ${prompt}, token ${token} ${tokenLabel(row.text)}`} onClose={onClose}>
      {path.status === "loading" && <p className="note">Reading the products …</p>}
      {path.status === "failed" && <Band tone="error" text={path.error.message} />}
      {path.status === "ready" && (
        <>
          <Drawing points={path.value.points} first={path.value.first_step} />
          <p className="note">
            First two principal components of this one trajectory, {path.value.points.length} states from step {path.value.first_step} on;
            they explain {path.value.explained.map((share) => `${formatNumber(100 * share)} %`).join(" and ")} of its variance.
            {path.value.weighed > 0 && ` ${path.value.weighed} coordinates count less, since they are mostly noise.`} Its states were not
            kept: other pictures need them.
          </p>
        </>
      )}
    </Dialog>
  );
}

function Drawing({points, first}: {readonly points: readonly (readonly number[])[]; readonly first: number}) {
  const [[left = 0, right = 1], [low = 0, high = 1]] = [extent(points, ([x]) => x), extent(points, ([, y]) => y)] as [number, number][];
  const scale = (SIZE - 2 * EDGE) / (Math.max(right - left, high - low) || 1); // one scale: angles stay
  const places = points.map(([x, y]) => [SIZE / 2 + (x - (left + right) / 2) * scale, SIZE / 2 - (y - (low + high) / 2) * scale]);
  const last = places.length - 1;
  return (
    <svg
      viewBox={`0 0 ${SIZE} ${SIZE}`}
      width={SIZE}
      height={SIZE}
      className="census-path"
      role="img"
      aria-label={`Trajectory of ${points.length} states`}
    >
      <polyline points={places.map((place) => place.map((x) => x.toFixed(2)).join()).join(" ")} />
      {places.map(([x, y], i) => (
        <circle key={i} cx={x} cy={y} r={i === last ? 5 : 2} className={i === last ? "last" : undefined}>
          <title>{`step ${first + i}`}</title>
        </circle>
      ))}
    </svg>
  );
}
