import {stat} from "node:fs/promises";
import {join} from "node:path";
import {READOUT_FILE, STATES_FILE} from "../../capture/trace/writer.ts";

/**
 * When a run's tensors were last written, in milliseconds since 1970: what was worked out before that is about others, be the trace.json the same. 0 where
 * there are none, or a clock that goes ahead wrote them.
 */
export async function statesWritten(dir: string): Promise<number> {
  const times = await Promise.all([STATES_FILE, READOUT_FILE].map((name) => timeOf(join(dir, name))));
  const last = Math.max(...times);
  return last <= Date.now() ? last : 0;
}

/** Whether a file was worked out from a run's tensors as they are. */
export const isOfStates = async (path: string, dir: string): Promise<boolean> => (await timeOf(path)) >= (await statesWritten(dir));

const timeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({mtimeMs}) => mtimeMs,
    () => 0
  );
