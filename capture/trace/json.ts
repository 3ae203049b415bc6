export interface JsonOptions {
  /** Refuse an object that gives a name twice, of which JSON.parse silently keeps the last; defaults to false. */
  readonly uniqueNames?: boolean;
  /** Objects, lists and names at most; defaults to 1,500,000. */
  readonly maxParts?: number;
  /** Commas at most, and so members of lists; defaults to any number. */
  readonly maxCommas?: number;
}

const MAX_DEPTH = 100; // the deepest document of ours has a dozen levels; code that walks a value would run out of stack
const MAX_PARTS = 1_500_000; // a large tokenizer has 800,000; each takes some 60 bytes of memory, of as little as two in the file

/**
 * A JSON text's value; a byte order mark before it is skipped. Throws an Error that says what is wrong in a few words, for its
 * caller to put behind the file's name: `not JSON`, nested too deep, too many parts, a name given twice.
 */
export function parseJson(text: string, {uniqueNames = false, maxParts = MAX_PARTS, maxCommas = Infinity}: JsonOptions = {}): unknown {
  const json = text.startsWith("\uFEFF") ? text.slice(1) : text;
  refuseShape(json, {uniqueNames, maxParts, maxCommas});
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new Error("not JSON", {cause});
  }
}

/** Looks at brackets, colons and strings only, before memory is spent on the values. */
function refuseShape(json: string, {uniqueNames, maxParts, maxCommas}: Required<JsonOptions>): void {
  const names: (Set<string> | undefined)[] = []; // of each object that is open
  let depth = 0;
  let parts = 0;
  let commas = 0;
  let text = [0, 0]; // the last string, quotes included
  for (let i = 0; i < json.length; ++i) {
    const code = json.charCodeAt(i);
    if (code === QUOTE) {
      const end = endOfString(json, i);
      text = [i, end];
      i = end - 1;
      continue;
    }
    if (code === OPEN_OBJECT || code === OPEN_LIST) {
      if (++depth > MAX_DEPTH) throw new Error(`nested deeper than ${MAX_DEPTH} levels`);
      ++parts;
      names[depth] = uniqueNames && code === OPEN_OBJECT ? new Set() : undefined;
    } else if (code === CLOSE_OBJECT || code === CLOSE_LIST) --depth;
    else if (code === COLON) {
      ++parts;
      const known = names[depth];
      if (known) addOnce(known, json.slice(text[0], text[1]));
    }
    if (code === COMMA && ++commas > maxCommas) throw new Error(`more than ${maxCommas} commas`);
    if (parts > maxParts) throw new Error(`more than ${maxParts} objects, lists and names`);
  }
}

const [QUOTE, BACKSLASH, COMMA, COLON, OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = [...'"\\,:{}[]'].map((character) =>
  character.charCodeAt(0)
);

/** The index behind a string's closing quote; the text's length where there is none. */
function endOfString(json: string, start: number): number {
  for (let i = start + 1; i < json.length; ++i) {
    const code = json.charCodeAt(i);
    if (code === BACKSLASH) ++i;
    else if (code === QUOTE) return i + 1;
  }
  return json.length;
}

function addOnce(known: Set<string>, quoted: string): void {
  const name = quoted.includes("\\") ? unescaped(quoted) : quoted.slice(1, -1);
  if (known.has(name)) throw new Error(`the name ${name} is given twice`);
  known.add(name);
}

function unescaped(quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch (cause) {
    throw new Error("not JSON", {cause});
  }
}
