/** The name that was meant, where one is near enough to what was written; undefined where none is. */
export function nearestName(written: string, names: readonly string[]): string | undefined {
  const near = names
    .map((name) => ({name, distance: editDistance(written.toLowerCase(), name.toLowerCase())}))
    .filter(({name, distance}) => distance <= Math.max(2, Math.min(name.length, written.length) / 3))
    .sort((a, b) => a.distance - b.distance);
  return near[0]?.name;
}

const SHOWN = 12;

/** What there is instead of a name that is not there, for the end of a line. */
export function thereIs(written: string, names: readonly string[]): string {
  if (names.length === 0) return "there is none";
  const meant = nearestName(written, names);
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : "";
  return `${meant === undefined ? "" : `did you mean ${meant}? `}one of ${names.slice(0, SHOWN).join(", ")}${more}`;
}

/** Letters to insert, drop or change (Levenshtein 1966). */
function editDistance(a: string, b: string): number {
  let row = Array.from({length: b.length + 1}, (_, j) => j);
  for (let i = 1; i <= a.length; ++i) {
    const next = [i];
    for (let j = 1; j <= b.length; ++j) next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + Number(a[i - 1] !== b[j - 1])));
    row = next;
  }
  return row[b.length];
}
