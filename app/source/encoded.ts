/** A text as a part of an address; half a character, which a damaged file may hold and no address can, as U+FFFD. */
export const encoded = (text: string): string => encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\ufffd"));
