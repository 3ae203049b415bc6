import {useState, type MouseEvent, type ReactNode} from "react";
import {download} from "../source/download.ts";
import {notify} from "../state/store.ts";

interface DownloadLinkProps {
  readonly href: string;
  readonly children: ReactNode;
  readonly className?: string;
  readonly role?: string;
  /** Called when it is pressed. */
  readonly onPress?: () => void;
}

/** A link to a file that the server makes. Where it cannot, the page says why, and no file is saved. */
export function DownloadLink({href, children, className, role, onPress}: DownloadLinkProps) {
  const [busy, setBusy] = useState(false);
  const press = (event: MouseEvent): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return; // the browser's own ways
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    onPress?.();
    void download(href)
      .catch((error: Error) => notify(`Not saved: ${error.message}`))
      .finally(() => setBusy(false));
  };
  return (
    <a className={className} role={role} href={href} aria-busy={busy} onClick={press}>
      {children}
    </a>
  );
}
