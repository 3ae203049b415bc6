import type {ReactNode} from "react";

interface PanelHeadProps {
  readonly title?: ReactNode;
  readonly note?: ReactNode;
  /** What chooses the shown; it wraps with the title and its note. */
  readonly choices?: ReactNode;
  /** The tools: at the right, as wide as they are, however narrow the panel. */
  readonly children?: ReactNode;
}

/** The head of a panel: what it shows, in a box that gives way, and what can be done with it, in one that does not. */
export function PanelHead({title, note, choices, children}: PanelHeadProps) {
  return (
    <header className="panel-head">
      <div className="panel-about">
        {title !== undefined && <h2>{title}</h2>}
        {note !== undefined && <span className="note">{note}</span>}
        {choices}
      </div>
      {children !== undefined && <div className="panel-tools">{children}</div>}
    </header>
  );
}
