import type {ReactNode} from "react";

/** A table that scrolls sideways where it has no room: named, and reached by the keyboard. */
export function TablePlace({label, className, children}: {label: string; className?: string; children: ReactNode}) {
  return (
    <div className={className ? `table-place ${className}` : "table-place"} tabIndex={0} role="region" aria-label={label}>
      {children}
    </div>
  );
}
