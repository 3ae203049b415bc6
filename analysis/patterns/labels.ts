export const PATTERNS = ["converging", "orbit", "slider", "unsettled"] as const;

/** `unsettled` claims nothing: no other label is supported beyond doubt. */
export type Pattern = (typeof PATTERNS)[number];

/** The labels that claim something. */
export const CLAIMS = ["converging", "orbit", "slider"] as const satisfies readonly Pattern[];
export type Claim = (typeof CLAIMS)[number];
