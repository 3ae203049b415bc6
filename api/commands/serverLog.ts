import {pino, type Logger} from "pino";
import {visible} from "../../capture/trace/visible.ts";
import {withoutSecrets} from "../../capture/withoutSecrets.ts";

/** A server's log on stderr, JSON lines. JSON writes out escapes, but not the C1 characters, which a terminal obeys as well: a folder's name may hold them. */
export const serverLog = (level: string): Logger =>
  pino({level}, {write: (lines) => void process.stderr.write(visible(withoutSecrets(lines)))});
