import {openRuns} from "../state/store.ts";
import {Band} from "./Band.tsx";

/** A run that cannot be shown: why, and the way back. */
export function FailedPage({error}: {error: Error}) {
  return (
    <main className="page">
      <h1>This run cannot be shown</h1>
      <Band tone="error" text={error.message} action={{label: "All runs", run: openRuns}} />
    </main>
  );
}
