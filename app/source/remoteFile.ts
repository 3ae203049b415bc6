import {refusalOf} from "./transport.ts";

/** Bytes of a file, `end` not included. */
export interface ByteSpan {
  readonly begin: number;
  readonly end: number;
}

/** A file on a web server, read in parts where the server gives parts, else once and whole. */
export interface RemoteFile {
  /** The bytes of each span. Throws an Error of one line where the server does not give them, or the file is shorter. */
  read(spans: readonly ByteSpan[], signal?: AbortSignal): Promise<readonly Uint8Array[]>;
}

interface RemoteFileOptions {
  readonly fetch: typeof globalThis.fetch;
}

const HEAD_BYTES = 2 ** 18; // what is asked for first: all of a small file, and the header of any
const GAP_BYTES = 2 ** 15; // what lies between two spans is read too, where asking anew would take longer
const AT_ONCE = 6; // a browser holds as many connections to one host
const MOST_WHOLE = 2 ** 29; // of a file whose server gives no parts: it is held in memory

interface Head {
  readonly bytes: Uint8Array;
  readonly isWhole: boolean;
}

export function remoteFile(url: string, {fetch}: RemoteFileOptions): RemoteFile {
  let known: Promise<Head> | undefined;

  async function ask({begin, end}: ByteSpan, signal?: AbortSignal): Promise<Head> {
    const response = await fetch(url, {headers: {range: `bytes=${begin}-${end - 1}`}, signal});
    if (!response.ok) throw await refusalOf(response);
    const isPart = response.status === 206;
    if (!isPart) refuseLarge(response);
    const bytes = new Uint8Array(await response.arrayBuffer());
    const total = Number(/\/(\d+)$/.exec(response.headers.get("content-range") ?? "")?.[1] ?? NaN);
    return {bytes, isWhole: !isPart || (begin === 0 && bytes.length === total)};
  }

  /** Asked for once, whoever waits for it; a failure is not kept. */
  function head(): Promise<Head> {
    known ??= ask({begin: 0, end: HEAD_BYTES}).catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  }

  async function part(span: ByteSpan, signal?: AbortSignal): Promise<Uint8Array> {
    const answer = await ask(span, signal);
    if (!answer.isWhole) return answer.bytes;
    known = Promise.resolve(answer); // a server that gave parts before, and does not now
    return answer.bytes.subarray(span.begin, span.end);
  }

  return {
    async read(spans, signal) {
      const {bytes, isWhole} = await head();
      const isKnown = ({end}: ByteSpan): boolean => isWhole || end <= bytes.length;
      const asked = joined(spans.filter((span) => !isKnown(span)));
      const parts = await inTurns(asked, AT_ONCE, (span) => part(span, signal));
      return spans.map((span) => {
        const from = asked.findIndex(({begin, end}) => begin <= span.begin && span.end <= end);
        const found = isKnown(span) ? bytes.subarray(span.begin, span.end) : within(parts[from], asked[from], span);
        if (found.length < span.end - span.begin)
          throw new Error(`truncated file: ${nameOf(url)} ends before byte ${span.end}, which its header promises`);
        return found;
      });
    }
  };
}

const within = (bytes: Uint8Array, {begin}: ByteSpan, span: ByteSpan): Uint8Array => bytes.subarray(span.begin - begin, span.end - begin);

/** Spans with what lies between neighbours, in their order. */
export function joined(spans: readonly ByteSpan[]): ByteSpan[] {
  const all: {begin: number; end: number}[] = [];
  for (const {begin, end} of [...spans].sort((a, b) => a.begin - b.begin)) {
    const last = all.at(-1);
    if (last && begin - last.end <= GAP_BYTES) last.end = Math.max(last.end, end);
    else all.push({begin, end});
  }
  return all;
}

function refuseLarge(response: Response): void {
  const bytes = Number(response.headers.get("content-length") ?? 0);
  if (bytes <= MOST_WHOLE) return;
  void response.body?.cancel();
  throw new Error(
    `${nameOf(response.url)} has ${Math.round(bytes / 1e6)} MB, and this server gives no parts of a file; at most ${Math.round(MOST_WHOLE / 1e6)} MB are read whole`
  );
}

const nameOf = (url: string): string => url.split("?")[0].split("/").at(-1) ?? url;

/** The answers in the order of the questions, so many of which are open at once. */
async function inTurns<Q, A>(questions: readonly Q[], atOnce: number, ask: (question: Q) => Promise<A>): Promise<A[]> {
  const answers: A[] = new Array(questions.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < questions.length) {
      const at = next++;
      answers[at] = await ask(questions[at]);
    }
  };
  await Promise.all(Array.from({length: Math.min(atOnce, questions.length)}, worker));
  return answers;
}
