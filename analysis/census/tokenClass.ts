/** What a token is made of, by its characters. */
export const TOKEN_CLASSES = ["number", "word", "space", "punctuation", "symbol", "mixed", "special"] as const;
type TokenClass = (typeof TOKEN_CLASSES)[number];

const kinds: readonly (readonly [TokenClass, RegExp])[] = [
  ["special", /^<[^<>\s]+>$/],
  ["space", /^\s*$/u],
  ["number", /^\s*[\p{N}.,]*\p{N}[\p{N}.,]*\s*$/u],
  ["word", /^\s*(?=['’]*[\p{L}\p{M}])[\p{L}\p{M}'’]+\s*$/u],
  ["punctuation", /^\s*\p{P}+\s*$/u],
  ["symbol", /^\s*[\p{S}\p{P}]+\s*$/u]
];

/** The class of a token's text, space around it left aside: by Unicode's general categories; `<…>` is special. */
export const tokenClass = (text: string): TokenClass => kinds.find(([, pattern]) => pattern.test(text))?.[0] ?? "mixed";
