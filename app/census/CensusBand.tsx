import type {CensusEntry} from "../../api/contract/contract.ts";
import {Band} from "../parts/Band.tsx";
import {Changes, useMayChange} from "../parts/Changes.tsx";
import {formatSeconds} from "../plot/format.ts";
import {useSource} from "../source/sourceContext.ts";
import {notify} from "../state/store.ts";

interface CensusBandProps {
  readonly census: CensusEntry;
  /** It labels traces that lie in a folder: the page cannot go on with it. */
  readonly ofTraces: boolean;
  /** The server told of it: it can be cancelled here. */
  readonly isOwn: boolean;
}

/** How far a census is, or why it is not whole, and what can be done about it. */
export function CensusBand({census: {id, owner, status, finished, prompts, seconds_left, error}, ofTraces, isOwn}: CensusBandProps) {
  const source = useSource();
  const act = (done: Promise<unknown>): void => void done.catch((failure: Error) => notify(failure.message));
  const goOn = useMayChange(owner) && !ofTraces ? {label: "Go on", run: () => act(source.resumeCensus(id))} : undefined;
  const words = ofTraces ? " The command that made it goes on." : "";
  if (status === "complete") return null;
  if (status === "failed")
    return (
      <Band
        tone="error"
        text={`The census failed after ${finished} of ${prompts} prompts: ${error ?? "no reason was given"}`}
        action={goOn}
      />
    );
  if (status === "partial" || status === "cancelled")
    return (
      <Band
        tone="warning"
        text={`Partial: stopped after ${finished} of ${prompts} prompts. Finished shards stay; labels come when all of them are there.${words}`}
        action={goOn}
      />
    );
  return (
    <p className="band band-note">
      <span>{told({status, finished, prompts, seconds_left})}</span>
      <progress value={finished} max={prompts} aria-label="Prompts done" />
      {isOwn && (
        <Changes owner={owner}>
          <button type="button" onClick={() => act(source.cancelCensus(id))}>
            Cancel
          </button>
        </Changes>
      )}
    </p>
  );
}

function told({status, finished, prompts, seconds_left}: Pick<CensusEntry, "status" | "finished" | "prompts" | "seconds_left">): string {
  if (status === "queued") return "Waits for the census before it";
  if (finished === prompts) return "All prompts are done; labels are given and traces kept";
  return `${finished} of ${prompts} prompts are done${seconds_left === null ? "" : `, ${formatSeconds(seconds_left)} left`}`;
}
