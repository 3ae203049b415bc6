interface BandProps {
  readonly tone: "note" | "warning" | "error";
  readonly text: string;
  readonly action?: {readonly label: string; readonly run: () => void};
}

/** One line across the page: what happened, and the one thing to do about it. */
export function Band({tone, text, action}: BandProps) {
  return (
    <p className={`band band-${tone}`} role={tone === "error" ? "alert" : undefined}>
      <span>{text}</span>
      {action && (
        <button type="button" onClick={action.run}>
          {action.label}
        </button>
      )}
    </p>
  );
}
