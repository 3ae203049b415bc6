import {Refusal} from "../../capture/trace/refusal.ts";
import {fairPlace, type Owner} from "./fairPlace.ts";

/** Who asks for something that is worked out while they wait: null where nobody has a name. The signal says that they left. */
export interface Asker {
  readonly owner?: Owner;
  readonly signal?: AbortSignal;
}

/** Turns at what only a few can use at once. Owners take turns, so that nobody waits behind all of another's questions. */
interface FairTurns {
  /** What `use` gives, begun once it is the asker's turn. Rejects with the signal's reason while it waits, and with a `busy` Refusal where too many of the owner's wait already. */
  take<T>(asker: Asker, use: () => Promise<T>): Promise<T>;
}

interface FairTurnsOptions {
  /** How many at once. */
  readonly atOnce: number;
  /** What they are, in the plural. */
  readonly what: string;
  /** Of one person with a name, those that run among them; defaults to any number. */
  readonly most?: number;
}

interface Place {
  readonly owner: Owner;
  readonly go: () => void;
}

export function createFairTurns({atOnce, what, most = Infinity}: FairTurnsOptions): FairTurns {
  const waiting: Place[] = [];
  const running: Owner[] = [];
  const ownerOf = ({owner}: Place): Owner => owner;

  function next(): void {
    while (running.length < atOnce && waiting.length > 0) {
      const {owner, go} = waiting.shift()!;
      running.push(owner);
      go();
    }
  }

  function turnOf(owner: Owner, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        waiting.splice(waiting.indexOf(place), 1);
        reject(signal!.reason as Error);
      };
      const go = () => {
        signal?.removeEventListener("abort", leave);
        resolve();
      };
      const place = {owner, go};
      signal?.addEventListener("abort", leave, {once: true});
      waiting.splice(fairPlace(waiting.map(ownerOf), running, owner), 0, place);
      next();
    });
  }

  return {
    async take({owner = null, signal}, use) {
      signal?.throwIfAborted();
      const count = [...waiting.map(ownerOf), ...running].filter((one) => one === owner).length;
      if (owner !== null && count >= most)
        throw new Refusal(`too many ${what}: ${count} of ${owner}'s run or wait; at most ${most}`, {kind: "busy"});
      await turnOf(owner, signal);
      try {
        return await use();
      } finally {
        running.splice(running.indexOf(owner), 1);
        next();
      }
    }
  };
}
