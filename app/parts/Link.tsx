import type {MouseEvent, ReactNode} from "react";
import {addressOf, viewOf} from "../state/address.ts";
import {go} from "../state/store.ts";
import type {View} from "../state/view.ts";

interface LinkProps {
  view: Partial<View>;
  className?: string;
  /** Whether it leads to where one is, or above it; defaults to neither. */
  current?: "page" | "true";
  children: ReactNode;
}

/** A link to a view: a real address, followed without loading the page anew. */
export function Link({view, className, current, children}: LinkProps) {
  const target = {...viewOf(""), ...view};
  const follow = (event: MouseEvent): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return; // a new tab or window is the browser's business
    event.preventDefault();
    go(target);
  };
  return (
    <a href={addressOf(target)} className={className} aria-current={current} onClick={follow}>
      {children}
    </a>
  );
}
