import type {CensusComparison} from "../../api/contract/contract.ts";
import {CsvButton} from "../parts/CsvButton.tsx";
import {Band} from "../parts/Band.tsx";
import {Select} from "../parts/Select.tsx";
import {TablePlace} from "../parts/TablePlace.tsx";
import {TableHead} from "../parts/TableHead.tsx";
import {tableCsv} from "../plot/csv.ts";
import {formatShare} from "../plot/format.ts";
import {readyValue, useRemote} from "../source/remote.ts";
import {useSource} from "../source/sourceContext.ts";
import {go, useStore} from "../state/store.ts";
import {LabelCounts} from "./LabelCounts.tsx";

/** The census beside another one that is finished: chosen from a list, told by the address. */
export function ComparisonPanel({id}: {readonly id: string}) {
  const source = useSource();
  const [other = ""] = useStore((state) => state.view.others);
  const list = useRemote((signal) => source.censuses(signal), ["censuses"]);
  const others = (readyValue(list)?.censuses ?? []).filter((census) => census.id !== id && census.status === "complete");
  const compared = useRemote(
    async (signal) => (other === "" ? undefined : source.censusComparison(id, other, signal)),
    ["census comparison", id, other]
  );
  if (list.status === "ready" && others.length === 0 && other === "") return null;
  const choices = [["", "choose one"], ...others.map(({id: name, title}) => [name, title] as const)] as const;
  return (
    <section className="panel-box" aria-label="Beside another census">
      <header className="panel-head">
        <h2>Beside another census</h2>
        <Select label="Other census" value={other} options={choices} onChange={(name) => go({others: name === "" ? [] : [name]})} />
        <span className="header-space" />
        {compared.status === "ready" && compared.value && (
          <CsvButton name={`${id}-beside-${other}`} title="shares and differences" csv={() => comparisonCsv(compared.value!)} />
        )}
      </header>
      {compared.status === "failed" && <Band tone="error" text={compared.error.message} />}
      {compared.status === "loading" && other !== "" && <p className="note">Comparing …</p>}
      {compared.status === "ready" && compared.value && <Comparison comparison={compared.value} />}
    </section>
  );
}

function Comparison({comparison: {paired, shares, same, tokens, crossed}}: {readonly comparison: CensusComparison}) {
  return (
    <>
      <TablePlace label="Shares of this census and of the other" className="census-table">
        <table>
          <TableHead
            names={["tokens", "label", "this census", "95 %", "the other", "95 %", "difference", "95 %"]}
            classOf={(_, i) => (i > 1 ? "number" : undefined)}
          />
          <tbody>
            {shares.map(({group, label, first, other, difference, low, high}) => (
              <tr key={`${group} ${label}`} className={low <= 0 && high >= 0 ? "weak" : undefined}>
                <td>{group ?? "all"}</td>
                <td>{label}</td>
                <td className="number">{formatShare(first.share ?? 0)}</td>
                <td className="number">{interval(first)}</td>
                <td className="number">{formatShare(other.share ?? 0)}</td>
                <td className="number">{interval(other)}</td>
                <td className="number">{signed(difference ?? 0)}</td>
                <td className="number">
                  {signed(low)} to {signed(high)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TablePlace>
      <p className="figure-note">
        The difference is the other’s share less this one’s.{" "}
        {paired ? "The prompts are pairs: what they share cancels." : "The prompts are two samples."} Rows whose interval holds nothing but
        one sign stand out; classes are looked at side by side, without a correction for their number.
      </p>
      {crossed && (
        <LabelCounts
          name="Labels of the same tokens, in columns the other’s"
          caption={`${same} of ${tokens} trajectories of the same token carry the same label.`}
          rowsAre="this census"
          counts={crossed}
        />
      )}
    </>
  );
}

const interval = ({low, high}: {readonly low: number; readonly high: number}): string => `${formatShare(low)} to ${formatShare(high)}`;
const signed = (share: number): string => `${share < 0 ? "−" : share > 0 ? "+" : ""}${formatShare(Math.abs(share))}`;

const comparisonCsv = ({shares}: CensusComparison): string =>
  tableCsv(
    [
      "tokens",
      "label",
      "share",
      "low",
      "high",
      "other_share",
      "other_low",
      "other_high",
      "difference",
      "difference_low",
      "difference_high"
    ],
    shares.map(({group, label, first, other, difference, low, high}) => [
      ...[group ?? "all", label, first.share, first.low, first.high],
      ...[other.share, other.low, other.high, difference, low, high]
    ])
  );
