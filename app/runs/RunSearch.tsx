interface Seeking {
  readonly sought: string;
  readonly onSeek: (sought: string) => void;
}

/** The field that a list of runs is searched by. */
export function RunSearch({sought, onSeek}: Seeking) {
  return (
    <input
      type="search"
      aria-label="Search runs"
      placeholder="Search title, prompt, model, tag, person"
      value={sought}
      onChange={({target}) => onSeek(target.value)}
    />
  );
}

/** What stands in the list's place where none of so many runs fits. */
export function NoRunFound({sought, runs, onSeek}: Seeking & {readonly runs: number}) {
  return (
    <p className="note">
      No run has “{sought}” in its title, prompt, model or tags.{" "}
      <button type="button" className="link" onClick={() => onSeek("")}>
        Show all {runs}
      </button>
    </p>
  );
}
