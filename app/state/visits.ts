const KEY = "orrery.hints";

/** Whether this browser has not yet put the hints away. */
export const firstVisit = (): boolean => localStorage.getItem(KEY) === null;

/** Puts the hints away for good. */
export const endFirstVisit = (): void => localStorage.setItem(KEY, "seen");
