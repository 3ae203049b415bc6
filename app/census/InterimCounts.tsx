import {PATTERNS} from "../../api/contract/choices.ts";
import type {CensusEntry} from "../../api/contract/contract.ts";
import {formatShare} from "../plot/format.ts";
import {LabelSign} from "../parts/LabelSign.tsx";
import {readyValue, useRemote} from "../source/remote.ts";
import {useSource} from "../source/sourceContext.ts";
import {useClock} from "../state/useClock.ts";
import {isUnderWay} from "../state/jobs.ts";

const LOOK_MS = 3000;

/** What the prompts that are done come to, while the others are not; nothing before the first shard is there. */
export function InterimCounts({census}: {readonly census: CensusEntry}) {
  const {id, status, finished, prompts} = census;
  const source = useSource();
  const ticks = useClock(isUnderWay(census), LOOK_MS);
  const asked = useRemote((signal) => source.censusInterim(id, signal), ["interim", id], `${status} ${finished === prompts} ${ticks}`);
  const interim = readyValue(asked);
  if (!interim || interim.rows === 0) return null;
  return (
    <section className="panel-box census-interim" aria-label="Counts so far">
      <h2>So far</h2>
      <p>
        Interim: {interim.rows} trajectories of {interim.prompts} of {interim.of} prompts.{" "}
        {PATTERNS.map((label) => (
          <span key={label} className="census-count">
            <LabelSign label={label} /> {interim.counts[label]} {label} ({formatShare(interim.counts[label] / interim.rows)})
          </span>
        ))}
      </p>
      <p className="figure-note">
        Labels as if these rows were all: q-values over the whole census, intervals and associations come at its end, and a label may change
        then.
      </p>
    </section>
  );
}
