import type {CensusEntry} from "../../api/contract/contract.ts";
import {JobBand} from "../parts/JobBand.tsx";
import {useSource} from "../source/sourceContext.ts";

interface CensusBandProps {
  readonly census: CensusEntry;
  /** It labels traces that lie in a folder: the page cannot go on with it. */
  readonly ofTraces: boolean;
  /** The server told of it: it can be cancelled here. */
  readonly isOwn: boolean;
}

/** How far a census is. */
export function CensusBand({census, ofTraces, isOwn}: CensusBandProps) {
  const source = useSource();
  const {id, finished, prompts} = census;
  const stays = "Finished shards stay; labels come when all of them are there.";
  return (
    <JobBand
      kind="census"
      job={census}
      whole={prompts}
      unit="prompts"
      stays={ofTraces ? `${stays} The command that made it goes on.` : stays}
      doing={finished === prompts ? "All prompts are done; labels are given and traces kept" : `${finished} of ${prompts} prompts are done`}
      onCancel={isOwn ? () => source.cancelCensus(id) : undefined}
      onResume={ofTraces ? undefined : () => source.resumeCensus(id)}
    />
  );
}
