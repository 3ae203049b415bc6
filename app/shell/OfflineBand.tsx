import {useStore} from "../state/store.ts";

/** Shown while the server is away; the views keep working on what they have. */
export function OfflineBand() {
  const online = useStore((state) => state.online);
  return (
    <div role="status" aria-live="polite">
      {!online && (
        <p className="band band-warning">
          The server does not answer. What is loaded stays usable; the page reconnects by itself. If it was stopped, start it with{" "}
          <code>npm start</code>.
        </p>
      )}
    </div>
  );
}
