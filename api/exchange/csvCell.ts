/**
 * A text as a CSV cell (RFC 4180). Spreadsheets run cells that begin with = + - or @, in some scripts also with their wide forms, and a token's text may begin with anything, so
 * such a text gets a ' in front, and one that begins with ' gets another: take one ' away from a cell's text, and it is the token's own.
 * Numbers are no texts and stay as they are. The page writes the same (app/plot/csv.ts).
 */
export function csvCell(text: string): string {
  const safe = /^[=+\-@＝＋－＠\t\r']/.test(text) ? `'${text}` : text;
  return /[",\r\n']|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
