// C0, DEL and C1, which a terminal obeys; marks of direction, which make a line read as another; what takes no room, so that two texts look the same:
// soft hyphen, zero-width space, word joiner and its kin, byte order mark, tags. Joiners stay: scripts and emoji are written with them.
const UNSEEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]|\udb40[\udc00-\udc7f]/g;

/** A text with the characters that cannot be seen written out, as JSON does it (\u001b). Tabs and line feeds stay. JSON remains the same JSON. */
export const visible = (text: string): string => text.replace(UNSEEN, (found) => found.split("").map(escapeOf).join(""));

const escapeOf = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
