import {useRef, useState} from "react";
import {beyondNote} from "../../api/contract/choices.ts";
import type {Exits} from "../../api/contract/contract.ts";
import {formatNumber, tokenLabel} from "../plot/format.ts";
import {tableCsv} from "../plot/csv.ts";
import type {Plot} from "../plot/plot.ts";
import {tradePlot, type TradePlotProps} from "../plot/tradePlot.ts";
import {tokenColour} from "../plot/palette.ts";
import {useRemote} from "../source/remote.ts";
import {useSource} from "../source/sourceContext.ts";
import {useStore} from "../state/store.ts";
import {usePalette} from "../state/useTheme.ts";
import {PlotMount} from "../parts/PlotMount.tsx";
import {SaveMenu} from "../parts/SaveMenu.tsx";
import type {RunData} from "./runData.ts";
import {PanelHead} from "../parts/PanelHead.tsx";
import {Failed} from "../parts/Failed.tsx";
import {TableHead} from "../parts/TableHead.tsx";

/** Where each exit rule would have let the run's tokens leave, asked for when it is opened. */
export function ExitsPanel({data, token}: {data: RunData; token: number}) {
  const [open, setOpen] = useState(false);
  return (
    <details className="more" open={open} onToggle={({currentTarget}) => setOpen(currentTarget.open)}>
      <summary>Exit rules: what each would have done</summary>
      {open && <ExitsOf data={data} token={token} />}
    </details>
  );
}

function ExitsOf({data, token}: {data: RunData; token: number}) {
  const source = useSource();
  const {id} = data.summary;
  const exits = useRemote((signal) => source.exits(id, signal), ["exits", id, data.trace.steps_written]);
  if (exits.status === "loading") return <p className="note">Running the rules over the states …</p>;
  if (exits.status === "failed") return <Failed of={exits} what="No exits" />;
  const {missing} = exits.value;
  return (
    <>
      <Trades data={data} exits={exits.value} />
      <RuleTable data={data} exits={exits.value} token={token} />
      {missing.length > 0 && <p className="note">Not here: {missing.map(({name, why}) => `${name} (${why})`).join("; ")}.</p>}
    </>
  );
}

/** What the thresholds of each rule save and cost, over all trajectories. */
function Trades({data, exits}: {data: RunData; exits: Exits}) {
  const palette = usePalette();
  const plot = useRef<Plot<TradePlotProps> | null>(null);
  const {id, title} = data.summary;
  const curves = exits.rules.map(({name, threshold, trades}) => ({name, usual: threshold, points: trades}));
  return (
    <>
      <PanelHead note="Steps saved against KL to the full run, over all trajectories; rings: each rule's own threshold">
        <SaveMenu
          name={`${id}-exits`}
          title={`${title}: exit rules`}
          note="steps saved against KL to the full run, nats; a point for each threshold"
          pictures={() => (plot.current ? [plot.current.picture()] : [])}
          csv={() => tradesCsv(exits)}
        />
      </PanelHead>
      <div className="figure-curve">
        <PlotMount className="whole-plot" make={tradePlot} plot={plot} props={{palette, curves}} />
      </div>
    </>
  );
}

/** Where each rule lets the chosen trajectory leave. */
function RuleTable({data, exits: {rules, steps: written}, token}: {data: RunData; exits: Exits; token: number}) {
  const steps = Math.min(written, data.trace.generated?.steps[token] ?? written); // a generated token may have left earlier
  const palette = usePalette();
  const init = Math.min(useStore((state) => state.view.init) ?? 0, data.trace.inits.length - 1);
  const trained = data.trace.trained_steps;
  return (
    <table className="facts exits">
      <caption className="note">
        “{tokenLabel(data.names[token])}”, init {init + 1}, of {steps} steps
        {beyondNote(trained, steps, 1)}
      </caption>
      <TableHead names={["rule", "leaves at", "same answer", "KL to the end"]} />
      <tbody>
        {rules.map(({name, threshold, formula, tokens}, i) => {
          const own = tokens.find((one) => one.index === token && one.init === init);
          return (
            <tr key={name} title={`${formula}; threshold ${threshold}`}>
              <th scope="row" style={{boxShadow: `inset 3px 0 ${tokenColour(palette, i)}`}}>
                {name}
              </th>
              <td>
                {own ? (own.step ?? "the end") : "not told"}
                {own && beyondNote(trained, own.step ?? steps)}
              </td>
              <td>{own ? (own.same ? "yes" : "no") : "–"}</td>
              <td>{own?.kl === null || own === undefined ? "–" : formatNumber(own.kl)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** A line for each rule and threshold. */
const tradesCsv = ({rules}: Exits): string =>
  tableCsv(
    ["rule", "threshold", "steps_saved", "kl", "same"],
    rules.flatMap(({name, trades}) => trades.map(({threshold, saved, kl, same}) => [name, threshold, saved, kl ?? undefined, same]))
  );
