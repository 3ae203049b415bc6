import {viewOf} from "../state/address.ts";
import {go} from "../state/store.ts";
import type {View} from "../state/view.ts";
import {Band} from "./Band.tsx";

interface FailedPageProps {
  /** In the singular: run, experiment, … */
  readonly what: string;
  readonly error: Error;
  /** The list that it stands in. */
  readonly list: NonNullable<View["page"]>;
}

/** Something that cannot be shown: why, and the way back. */
export function FailedPage({what, error, list}: FailedPageProps) {
  return (
    <main className="page">
      <h1>This {what} cannot be shown</h1>
      <Band tone="error" text={error.message} action={{label: `All ${list}`, run: () => go({...viewOf(""), page: list})}} />
    </main>
  );
}
