import {once} from "node:events";
import {link, mkdir, mkdtemp, rm, stat, statfs} from "node:fs/promises";
import {get, type IncomingMessage} from "node:http";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {text} from "node:stream/consumers";
import {parseArgs} from "node:util";
import {MOST_UMAP_ROWS} from "../../analysis/projections/umap.ts";
import {MAX_PROJECTOR_POINTS} from "../../api/contract/exportFormats.ts";
import {hollowTrace} from "../support/hollowTrace.ts";
import {listTable} from "../support/listTable.ts";
import {enterMemoryGroup} from "../support/memoryGroup.ts";
import {watchedCli, type WatchedEnd} from "../support/watchedCli.ts";
import {positive, wholeFrom} from "../support/readNumber.ts";

const STEPS = 129;
const MOVING = 64; // tokens that move
const MOST_REPORTED = 1_000_000; // states of a report

/** What is asked of a large trace: the question, and what is wrong with its answer, if anything. */
interface Question {
  readonly name: string;
  readonly args: readonly string[];
  readonly wrong: (end: WatchedEnd) => string | undefined | Promise<string | undefined>;
  /** Makes what it is asked of, where that is not the trace. */
  readonly made?: () => Promise<void>;
}

/**
 * `npm run test:soak -- large [--tokens 32768] [--width 5280] [--limit 2] [--copies 4] [--only analyze,"GET near"]`: a trace of 129 states × tokens × width that
 * takes little of the disk (64 of its tokens move, the others are a hole), and everything that is asked of a run, each by processes that are
 * ended beyond `limit` GiB together; prints a table. What is written whole (npz, safetensors, imports) is tried where it takes at most `copies` GiB.
 * Ends with status 1 where one was ended, or answered wrongly. Where it may make a control group of `limit` GiB, all of it runs in that, so that the page cache is held to
 * the limit, too.
 */
export async function soak(args: readonly string[]): Promise<void> {
  if (process.platform !== "linux") return console.log("skipped: memory is watched on Linux only");
  const {values} = parseArgs({
    args: [...args],
    options: {
      tokens: {type: "string", default: "32768"},
      width: {type: "string", default: "5280"},
      limit: {type: "string", default: "2"},
      copies: {type: "string", default: "4"},
      only: {type: "string"}
    }
  });
  const [tokens, width] = [wholeFrom(1, "--tokens", values.tokens), wholeFrom(1, "--width", values.width)];
  const most = positive("--limit", values.limit) * 2 ** 30;
  const copies = positive("--copies", values.copies) * 2 ** 30;
  const folder = await mkdtemp(join(tmpdir(), "orrery-large-"));
  const group = await enterMemoryGroup(most);
  try {
    const kinds = await hollowTrace(
      join(folder, "runs", "hollow"),
      {steps: STEPS, tokens, width},
      Math.max(1, Math.floor(tokens / MOVING))
    );
    const bytes = 4 * STEPS * tokens * width;
    console.log(
      `${STEPS} × ${tokens} × ${width}: ${(bytes / 2 ** 30).toFixed(1)} GiB of states; at most ${values.limit} GiB of memory, ${group ? "the page cache among it" : "the page cache apart"}`
    );
    print(["", "MB", "s", ""]);
    const {bavail, bsize} = await statfs(folder);
    const asked = questions(folder, {
      tokens,
      width,
      bytes,
      kinds,
      isCopied: bytes <= copies,
      isRoom: bytes <= bavail * bsize
    });
    const wanted = values.only?.split(",");
    const isWanted = ({name}: Pick<Question, "name">): boolean => !wanted || wanted.includes(name);
    for (const {name, args, wrong, made} of asked.filter(isWanted)) {
      await made?.();
      const end = await watchedCli(args, most).end;
      told(name, end, end.status === null ? `ended beyond ${values.limit} GiB` : await wrong(end));
    }
    const gets = HTTP.filter(([name]) => isWanted({name: "http"}) || isWanted({name: `GET ${name}`}));
    if (gets.length > 0) await overHttp(join(folder, "runs"), gets, most);
  } finally {
    await rm(folder, {recursive: true, force: true});
    await group?.leave();
  }
}

const print = (cells: readonly string[]): void =>
  console.log(
    `${cells[0].padEnd(34)}${cells
      .slice(1, 3)
      .map((cell) => cell.padStart(8))
      .join("")}  ${cells[3]}`
  );

function told(name: string, {peakBytes, seconds}: Pick<WatchedEnd, "peakBytes" | "seconds">, wrong: string | undefined): void {
  print([name, peakBytes > 0 ? (peakBytes / 1e6).toFixed(0) : "–", seconds.toFixed(0), wrong ?? "right"]);
  if (wrong !== undefined) process.exitCode = 1;
}

interface Asked {
  readonly tokens: number;
  readonly width: number;
  /** Of the states. */
  readonly bytes: number;
  /** Of the tokens that move. */
  readonly kinds: ReadonlyMap<number, string>;
  /** Whether copies of the states are made. */
  readonly isCopied: boolean;
  /** Whether the disk has room for one. */
  readonly isRoom: boolean;
}

function questions(folder: string, {tokens, width, bytes, kinds, isCopied, isRoom}: Asked): Question[] {
  const run = join(folder, "runs", "hollow");
  const out = (name: string): string => join(folder, name);
  const states = STEPS * tokens;
  const labelled: Question["wrong"] = ({status, stdout, stderr}) => {
    if (status !== 0) return stderr.trim();
    const missed = [...kinds].filter(([token, label]) => !new RegExp(`^init 0 token ${token} [^:]*: ${label}`, "m").test(stdout));
    return missed.length > 0 ? `token ${missed[0][0]} is not ${missed[0][1]}` : undefined;
  };
  const made =
    (name: string, least = 1): Question["wrong"] =>
    async ({status, stderr}) => {
      if (status !== 0) return stderr.trim().split("\n").at(-1);
      return (await sizeOf(out(name))) >= least ? undefined : `${name} is not whole`;
    };
  const refused =
    (message: string): Question["wrong"] =>
    ({status, stderr}) =>
      status !== 0 && stderr.includes(message) ? undefined : `expected “${message}”`;
  const copied = isCopied ? bytes : Infinity;
  const copy = (name: string, args: readonly string[], file: string, make?: () => Promise<void>): Question[] =>
    isCopied ? [{name, args, wrong: made(file, copied), made: make}] : [];
  const table = (format: string): Question => ({
    name: `export ${format}`,
    args: ["export", run, "--format", format, "--out", out(`t.${format}`)],
    wrong: made(`t.${format}`, tokens)
  });
  /** All of it through a pipe, counted and not kept. */
  const piped = (format: string): Question => ({
    name: `export ${format} | wc`,
    args: ["export", run, "--format", format, "--out", "-"],
    wrong: ({status, stdoutBytes, stderr}) =>
      status !== 0
        ? stderr.trim().split("\n").at(-1)
        : stdoutBytes > bytes
          ? undefined
          : `${stdoutBytes} bytes; expected more than ${bytes}`
  });
  /** What would write them once more: refused before its first byte where the disk has no room for it, else not tried beyond `copies`. */
  const unroomed = (name: string, args: readonly string[], file: string): Question[] =>
    isCopied || isRoom
      ? []
      : [{name, args, wrong: async (end) => ((await sizeOf(out(file))) > 0 ? "left a part" : refused("too little disk")(end))}];
  return [
    {name: "analyze", args: ["analyze", run], wrong: labelled},
    {name: "analyze .npy", args: ["analyze", `${run}.npy`], wrong: labelled},
    {name: "census", args: ["census", "--from", join(folder, "runs"), "--out", out("census")], wrong: made("census/census.json")},
    {name: "project pca", args: ["project", run, "--out", out("p.csv")], wrong: made("p.csv", 10 * states)},
    {
      name: "project umap",
      args: ["project", run, "--method", "umap", "--out", out("u.csv")],
      wrong: states > MOST_UMAP_ROWS ? refused("too many states for UMAP") : made("u.csv", 10 * states)
    },
    {
      name: "report",
      args: ["report", run, "--out", out("r.html")],
      wrong: states > MOST_REPORTED ? refused("invalid run for a report") : made("r.html", states)
    },
    table("csv"),
    table("parquet"),
    table("parquet-wide"),
    table("atlas"),
    {
      name: "export projector",
      args: ["export", run, "--format", "projector", "--out", out("projector")],
      wrong: states > MAX_PROJECTOR_POINTS ? refused("invalid run for the Projector") : made("projector/tensors.tsv", states)
    },
    piped("npz"),
    piped("safetensors"),
    ...unroomed("export npz", ["export", run, "--format", "npz", "--out", out("x.npz")], "x.npz"),
    ...unroomed("export safetensors", ["export", run, "--format", "safetensors", "--out", out("x.safetensors")], "x.safetensors"),
    ...unroomed("import .npy", ["import", `${run}.npy`, "--out", out("from-npy")], "from-npy"),
    ...unroomed("import safetensors", ["import", join(run, "states.safetensors"), "--out", out("from-safetensors")], "from-safetensors"),
    ...copy("export npz", ["export", run, "--format", "npz", "--out", out("x.npz")], "x.npz"),
    ...copy("import .npz", ["import", out("x.npz"), "--out", out("from-npz")], "from-npz/states.safetensors"),
    ...copy("import .npy", ["import", `${run}.npy`, "--out", out("from-npy")], "from-npy/states.safetensors"),
    ...copy("export safetensors", ["export", run, "--format", "safetensors", "--out", out("x.safetensors")], "x.safetensors"),
    ...copy(
      "import safetensors",
      ["import", out("x.safetensors"), "--out", out("from-safetensors")],
      "from-safetensors/states.safetensors"
    ),
    ...copy("import parquet", ["import", out("lists.parquet"), "--out", out("from-lists")], "from-lists/states.safetensors", () =>
      listTable(out("lists.parquet"), {steps: STEPS, tokens, width})
    )
  ];
}

const sizeOf = async (path: string): Promise<number> => (await stat(path).catch(() => ({size: 0}))).size;

/** What the page asks of a run, by its path below the runs. */
const HTTP: readonly (readonly [name: string, path: string])[] = [
  ["list", ""],
  ["run", "/hollow"],
  ["labels of chosen tokens", "/hollow/patterns?tokens=0,1,2"],
  ["portrait", "/hollow/portrait?token=0"],
  ["states of a token", "/hollow/states?tokens=0"],
  ["metrics", "/hollow/metrics"],
  ["near", "/hollow/near?token=0&step=10"],
  ["projection", "/hollow/projection"],
  ["difference", "/hollow/difference?with=twin"],
  ["download csv", "/hollow/export?format=csv"],
  ["download npz", "/hollow/export?format=npz"],
  ["download safetensors", "/hollow/export?format=safetensors"]
];

/** Asks for these one after another; the memory is that of the server with its processes. */
async function overHttp(runs: string, gets: typeof HTTP, most: number): Promise<void> {
  await mkdir(join(runs, "twin")); // the same bytes once more, to be compared
  for (const name of ["trace.json", "states.safetensors"]) await link(join(runs, "hollow", name), join(runs, "twin", name));
  const server = watchedCli(["serve", "--port", "0", "--runs", runs], most);
  const url = await server.line(/http:\S+/);
  for (const [name, path] of gets) {
    const begun = performance.now();
    server.peakSince();
    const wrong = await wrongAt(`${url}/api/runs${path}`).catch((error: Error) => error.message);
    told(`GET ${name}`, {peakBytes: server.peakSince(), seconds: (performance.now() - begun) / 1000}, wrong);
  }
  server.stop();
  const end = await server.end;
  told("the server, with its processes", end, end.status === 0 ? undefined : "ended beyond the limit");
}

/** Reads an answer to its end, however long it takes (fetch waits five minutes), without keeping it; what it says where it is an error. */
async function wrongAt(url: string): Promise<string | undefined> {
  const [response] = (await once(get(url), "response")) as [IncomingMessage];
  if (response.statusCode !== 200) return text(response);
  let bytes = 0;
  for await (const piece of response) bytes += (piece as Buffer).length;
  return bytes > 0 ? undefined : "an empty answer";
}
