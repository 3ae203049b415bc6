import type {TraceReader} from "../../capture/trace/reader.ts";

/** How a run's readout reads, by token id, as JSON; none where it kept no texts that can be read. */
export const textsAnswer = async (reader: TraceReader): Promise<Uint8Array> =>
  new TextEncoder().encode(JSON.stringify({texts: Object.fromEntries((await reader.readTexts()) ?? [])}));
