import type {MouseEvent, ReactNode} from "react";
import {addressOf, viewOf} from "../state/address.ts";
import {go} from "../state/store.ts";
import type {View} from "../state/view.ts";

/** A link to a view: a real address, followed without loading the page anew. */
export function Link({view, className, children}: {view: Partial<View>; className?: string; children: ReactNode}) {
  const target = {...viewOf(""), ...view};
  const follow = (event: MouseEvent): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return; // a new tab or window is the browser's business
    event.preventDefault();
    go(target);
  };
  return (
    <a href={addressOf(target)} className={className} onClick={follow}>
      {children}
    </a>
  );
}
