/** How long an order that is cancelled may take to its next step before its process is killed, its memory with it. */
export const GRACE_MS = 800;

/** The same where the whole program ends, so that a long step may come to its end; less than the 10 s after which `docker stop` kills. */
export const CLOSING_GRACE_MS = 8000;
