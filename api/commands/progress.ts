import {SingleBar} from "cli-progress";

/** Tells on stderr how far a long thing is: a bar on a terminal, a few lines elsewhere. */
interface Progress {
  /** `secondsLeft` is null while it is not known; `beside` ends the line, defaults to nothing. */
  tell(done: number, secondsLeft: number | null, beside?: string): void;
  end(): void;
}

const LINE_INTERVAL_MS = 10_000; // sparse enough for a log

interface ProgressOptions {
  /** What is counted; defaults to step. */
  readonly unit?: string;
  readonly stream?: NodeJS.WriteStream;
}

/** `what` begins the line, as in `48+37=: step 16 of 64`. */
export function createProgress(what: string, total: number, {unit = "step", stream = process.stderr}: ProgressOptions = {}): Progress {
  if (!stream.isTTY) return createLines(`${what}: ${unit}`, total, stream);
  const bar = new SingleBar({
    stream,
    format: `${what.slice(0, 30)} {bar} ${unit} {value} of {total}{left}{beside}`,
    hideCursor: true,
    clearOnComplete: true,
    barsize: 30,
    gracefulExit: false,
    emptyOnZero: true
  });
  bar.start(total, 0, {left: "", beside: ""});
  return {
    tell: (done, secondsLeft, beside = "") => bar.update(Math.max(0, done), {left: leftOf(secondsLeft), beside}),
    end: () => bar.stop()
  };
}

function createLines(what: string, total: number, stream: NodeJS.WriteStream): Progress {
  let last = performance.now();
  return {
    tell(done, secondsLeft, beside = "") {
      if (performance.now() - last < LINE_INTERVAL_MS) return;
      last = performance.now();
      stream.write(`${what} ${done} of ${total}${leftOf(secondsLeft)}${beside}\n`);
    },
    end() {}
  };
}

const leftOf = (seconds: number | null): string =>
  seconds === null ? "" : `, ${seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`} left`;
