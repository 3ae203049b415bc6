/** Where a new text ends: before the first stop string in it; undefined while there is none. */
export function stopIn(text: string, strings: readonly string[]): {readonly text: string; readonly stop: string} | undefined {
  let first: {at: number; stop: string} | undefined;
  for (const stop of strings) {
    const at = text.indexOf(stop);
    if (at >= 0 && (!first || at < first.at || (at === first.at && stop.length > first.stop.length))) first = {at, stop};
  }
  return first && {text: text.slice(0, first.at), stop: first.stop};
}

/** How much of a text may be shown already: what could still become a stop string is held back, and so is a character whose last bytes are to come. */
export function shownLength(text: string, strings: readonly string[]): number {
  let held = /\uFFFD*$/.exec(text)![0].length;
  for (const stop of strings) {
    for (let length = Math.min(stop.length - 1, text.length); length > held; --length) {
      if (text.endsWith(stop.slice(0, length))) {
        held = length;
        break;
      }
    }
  }
  return text.length - held;
}
