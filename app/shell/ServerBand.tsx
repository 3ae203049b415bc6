import {Band} from "../parts/Band.tsx";
import {useStore} from "../state/store.ts";

const reload = {label: "Reload", run: () => location.reload()};

/** Shown while the server is away, or takes this page no more; the views keep working on what they have. */
export function ServerBand() {
  const online = useStore((state) => state.online);
  const signedOut = useStore((state) => state.signedOut);
  const stale = useStore(({server}) => isOfOtherBuild(server?.page ?? null));
  return (
    <div role="status" aria-live="polite">
      {signedOut ? (
        <Band tone="warning" text="The server does not know this page's token any more: reload to sign in." action={reload} />
      ) : !online ? (
        <p className="band band-warning">
          The server does not answer. What is loaded stays usable; the page reconnects by itself. If it was stopped, start it with{" "}
          <code>npm start</code>.
        </p>
      ) : (
        stale && <Band tone="warning" text="The server has a newer page than this tab: reload, and it is shown." action={reload} />
      )}
    </div>
  );
}

/** Whether the server's page begins with another script than this one did. */
function isOfOtherBuild(page: string | null): boolean {
  const own = document.querySelector<HTMLScriptElement>("script[type=module][src]")?.src.split("/").at(-1);
  return import.meta.env.PROD && page !== null && own !== undefined && own !== page;
}
