import {useState} from "react";
import {formatNumber, tokenLabel} from "../plot/format.ts";
import {useRemote} from "../source/remote.ts";
import {useSource} from "../source/sourceContext.ts";
import {go, useStore} from "../state/store.ts";
import {beyondNote} from "../../api/contract/choices.ts";
import type {RunData} from "./runData.ts";
import {Underway} from "./Underway.tsx";
import {Failed} from "../parts/Failed.tsx";
import {TableHead} from "../parts/TableHead.tsx";

export interface NearPanelProps {
  readonly data: RunData;
  readonly token: number;
  readonly init: number;
  readonly step: number;
}

/** The other trajectories that come nearest to the state looked at, asked for when it is opened. */
export function NearPanel(props: NearPanelProps) {
  const [open, setOpen] = useState(false);
  if (useSource().kept) return null; // it takes all states of the run
  return (
    <details className="more" open={open} onToggle={({currentTarget}) => setOpen(currentTarget.open)}>
      <summary>Nearest states of other trajectories</summary>
      {open && <NearOf {...props} onCancel={() => setOpen(false)} />}
    </details>
  );
}

function NearOf({data, token, init, step, onCancel}: NearPanelProps & {readonly onCancel: () => void}) {
  const source = useSource();
  const site = useStore((state) => state.view.site);
  const {id} = data.summary;
  const query = {token, init, step, site};
  const question = ["near", id, site, token, init, step];
  const answer = useRemote((signal) => source.near(id, query, signal), question);
  if (answer.status === "loading")
    return (
      <p className="note">
        <Underway of="nearing" question={question} ask={(signal) => source.nearing(id, query, signal)} />{" "}
        <button type="button" className="link" onClick={onCancel}>
          Cancel
        </button>
      </p>
    );
  if (answer.status === "failed") return <Failed of={answer} what="No neighbours" />;
  if (answer.value.near.length === 0) return <p className="note">The run has no other trajectory.</p>;
  return (
    <table className="facts exits">
      <caption className="note">
        to step {step}
        {beyondNote(data.trace.trained_steps, step)}: of each other trajectory its nearest state, in full dimension; shares of this state’s
        norm
      </caption>
      <TableHead names={["token", "init", "step", "distance"]} />
      <tbody>
        {answer.value.near.map((one) => (
          <tr key={`${one.init} ${one.index}`}>
            <th scope="row">
              <button type="button" className="link word" onClick={() => go({tokens: [one.index], init: one.init, step: one.step})}>
                “{tokenLabel(one.text)}” {one.index}
              </button>
            </th>
            <td>{one.init + 1}</td>
            <td>
              {one.step}
              {beyondNote(data.trace.trained_steps, one.step)}
            </td>
            <td>{formatNumber(one.distance)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
