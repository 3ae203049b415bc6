/** How a token reads that nobody has a text for; capture_trace.py writes the same. */
export const numberedToken = (id: number): string => `#${id}`;
