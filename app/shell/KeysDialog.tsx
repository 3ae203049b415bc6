import {useSource} from "../source/sourceContext.ts";
import {showDialog} from "../state/store.ts";
import {Dialog} from "../parts/Dialog.tsx";

const KEYS: readonly (readonly [string, string])[] = [
  ["← →", "walk along the prompt; with shift, extend the choice"],
  ["/", "find a token"],
  ["space", "play or pause"],
  [", .", "one step back, one step forward; of a training, one save"],
  ["Home End", "first step, last step; of a training, first save, last save"],
  ["1 2 3", "components 1–2, 3–4, 5–6"],
  ["p", "the picture of the chosen token's label"],
  ["u w r", "UMAP, waterfall, rotations"],
  ["i", "the next initial state, then all of them"],
  ["h", "the next heat map"],
  ["l", "the next lens, then both"],
  ["z", "zoom to the chosen trajectories"],
  ["f", "the whole picture"],
  ["Esc", "choose nothing"],
  ["j k", "the next prompt of an experiment, the one before; with Esc back to all"],
  ["n N", "the next orbit or slider, the one before"],
  ["a", "new capture"],
  ["c", "compare with another run"],
  ["?", "these keys"]
];

const OF_SERVERS = ["j k", "a", "c"]; // what is captured, compared or tried over many prompts

export function KeysDialog() {
  const {kept} = useSource();
  const keys = KEYS.filter(([key]) => !kept || !OF_SERVERS.includes(key));
  return (
    <Dialog title="Keys" onClose={() => showDialog(undefined)}>
      <table className="keys">
        <tbody>
          {keys.map(([key, does]) => (
            <tr key={key}>
              <th scope="row">
                {key.split(" ").map((one) => (
                  <kbd key={one}>{one}</kbd>
                ))}
              </th>
              <td>{does}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="hint">
        In a picture: drag to move (in three dimensions: to turn; the right button moves), scroll to zoom, double click for the whole, shift
        and drag to lasso, shift and click to extend.
      </p>
    </Dialog>
  );
}
