import {cp, mkdir, readFile, rm, symlink} from "node:fs/promises";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {strFromU8, strToU8, unzipSync, zipSync} from "fflate";
import {parquetWriteBuffer} from "hyparquet-writer";
import {loadStates} from "../../../api/exchange/bareStates.ts";
import {exportRun} from "../../../api/exchange/exportRun.ts";
import {importRun} from "../../../api/exchange/importRun.ts";
import {npyHeader} from "../../../api/exchange/npyHeader.ts";
import {reportImport} from "../../../api/exchange/reportImport.ts";
import {loadCheckpoint} from "../../../capture/families/loadCheckpoint.ts";
import {loadTokenizer} from "../../../capture/model/tokenizer.ts";
import {openTrace} from "../../../capture/trace/reader.ts";
import {encodeSafetensors} from "../../../capture/trace/safetensors.ts";
import {startSmallTrace, writeNumbered} from "../smallTrace.ts";
import {folderKinds} from "./folderKinds.ts";
import type {HostileKind} from "./hostileKind.ts";
import {jsonKinds} from "./jsonKinds.ts";
import {mutatedBytes, mutatedJson, oneOf, type Draw} from "./mutate.ts";
import {written} from "./written.ts";

const fixtures = (name: string): string => fileURLToPath(new URL(`../../../fixtures/${name}`, import.meta.url));
const numbers = Float32Array.from({length: 6 * 2 * 3 * 4}, (_, i) => Math.sin(i));
const STATES = {shape: [6, 2, 3, 4], data: numbers};

export const hostileKinds: Readonly<Record<string, HostileKind>> = {
  safetensors: arrayFile((draw) =>
    mutatedSafetensors(draw, encodeSafetensors({state: STATES, ln_f: {shape: [4], data: numbers.slice(0, 4)}}))
  ),
  exported: arrayFile(async (draw) => mutatedSafetensors(draw, await exportedFile("safetensors"))),
  npy: arrayFile((draw) => mutatedNpy(draw, npyOf("F32", [6, 3, 4], numbers.subarray(0, 72)))),
  npz: arrayFile(async (draw) => mutatedNpz(draw, draw(2) ? await exportedFile("npz") : plainNpz())),
  parquet: arrayFile((draw) =>
    mutatedBytes(draw, draw(3) ? exportedTable() : new Uint8Array(parquetWriteBuffer({columnData: [{name: "state", data: [...numbers]}]})))
  ),
  tokenizer: {
    async write(draw, folder) {
      const file = draw(2) ? "failing/tokenizer-single-word.json" : "models/tiny-arithmetic/tokenizer.json";
      return written(join(folder, "tokenizer.json"), mutatedJson(draw, await readFile(fixtures(file), "utf8")));
    },
    async read(folder) {
      const tokenizer = await loadTokenizer(folder, {vocab: 400, maxTokens: 1024});
      tokenizer.tokens(tokenizer.encode("48+37= cat cats\n<num> 5 é🪐"));
    }
  },
  config: {
    async write(draw, folder) {
      await symlink(fixtures("models/tiny-arithmetic/model.safetensors"), join(folder, "model.safetensors"));
      return written(
        join(folder, "config.json"),
        mutatedJson(draw, await readFile(fixtures("models/tiny-arithmetic/config.json"), "utf8"))
      );
    },
    async read(folder) {
      const checkpoint = await loadCheckpoint(folder);
      await checkpoint.close();
    }
  },
  trace: {
    async write(draw, folder) {
      await cp(await smallRun(), folder, {recursive: true});
      const name = oneOf(draw, ["trace.json", "states.safetensors", "readout.safetensors"]);
      const bytes = await readFile(join(folder, name));
      return written(
        join(folder, name),
        name === "trace.json" ? mutatedJson(draw, bytes.toString("utf8")) : mutatedSafetensors(draw, bytes)
      );
    },
    async read(folder) {
      const reader = await openTrace(folder);
      try {
        for (const site of reader.sites) await reader.readSite(site);
        for (const name of reader.constants) await reader.readConstant(name);
        await reader.readReadout();
        await reader.readTexts();
      } finally {
        await reader.close();
      }
      await importRun(folder, {out: join(folder, "out")});
    }
  },
  report: {
    async write(draw, folder) {
      const [before, data, after] = (await reportText()).split(/(?<=<script type="application\/json" id="[\w-]+">)|(?=<\/script>)/s);
      const page = draw(2) ? `${before}${mutatedJson(draw, data)}${after}` : mutatedBytes(draw, Buffer.from(`${before}${data}${after}`));
      return written(join(folder, "report.html"), page);
    },
    read: async (folder) => void (await reportImport(join(folder, "report.html")))
  },
  ...jsonKinds,
  ...folderKinds
};

/** A file of arrays, whatever it is called: looked at, and imported. */
function arrayFile(make: (draw: Draw) => Uint8Array | Promise<Uint8Array>): HostileKind {
  return {
    write: async (draw, folder) => written(join(folder, "file"), await make(draw)),
    async read(folder) {
      const path = join(folder, "file");
      const looked = await loadStates(path).catch((error: unknown) => error);
      await importRun(path, {out: join(folder, "out")});
      if (looked instanceof Error && !(looked as {kind?: unknown}).kind) throw looked;
    }
  };
}

/** Anywhere, in the header's JSON, or behind the header alone, so that what comes after it is reached. */
function mutatedSafetensors(draw: Draw, bytes: Uint8Array): Uint8Array {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const part = draw(3);
  if (part === 0) return mutatedBytes(draw, bytes);
  if (part === 1) return Uint8Array.from(Buffer.concat([bytes.subarray(0, 8 + length), mutatedBytes(draw, bytes.subarray(8 + length))]));
  const header = Buffer.from(mutatedJson(draw, Buffer.from(bytes.subarray(8, 8 + length)).toString("utf8")));
  const preamble = Buffer.alloc(8);
  preamble.writeBigUInt64LE(BigInt(header.length));
  return Uint8Array.from(Buffer.concat([preamble, header, bytes.subarray(8 + length)]));
}

/** As `orrery export` writes it. */
const exportedTable = (): Uint8Array =>
  new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        {name: "step", data: Array.from({length: 36}, (_, i) => Math.floor(i / 6)), type: "INT32"},
        {name: "init", data: Array.from({length: 36}, (_, i) => Math.floor(i / 3) % 2), type: "INT32"},
        {name: "token", data: Array.from({length: 36}, (_, i) => i % 3), type: "INT32"},
        {name: "token_id", data: Array.from({length: 36}, (_, i) => i % 3), type: "INT32"},
        {name: "text", data: Array.from({length: 36}, (_, i) => "abc"[i % 3]), type: "STRING"},
        ...[0, 1, 2].map((k) => ({name: `pc${k + 1}`, data: [...numbers.subarray(36 * k, 36 * (k + 1))], type: "FLOAT" as const}))
      ]
    })
  );

const npyOf = (dtype: "F32", shape: readonly number[], data: Float32Array): Uint8Array =>
  Uint8Array.from(Buffer.concat([npyHeader({dtype, shape}), new Uint8Array(data.buffer, data.byteOffset, data.byteLength)]));

const DESCRIPTIONS = [
  ">f4",
  "<f8",
  "<V2",
  "|O",
  "<c8",
  "<U9",
  "<M8[ns]",
  "|b1",
  "<i8",
  "x".repeat(31),
  "<f16",
  "[('a', '<f4')]",
  "|S1000000000"
];

function mutatedNpy(draw: Draw, bytes: Uint8Array): Uint8Array {
  if (draw(2)) return mutatedBytes(draw, bytes);
  const text = Buffer.from(bytes).toString("latin1");
  const made = oneOf<(text: string) => string>(draw, [
    (it) => it.replace("<f4", oneOf(draw, DESCRIPTIONS)),
    (it) => it.replace("False", "True"),
    (it) =>
      it.replace(
        /\(6, 3, 4\)/,
        `(${oneOf(draw, ["6, 12", "72,", "", "6, 3, 4, 1", "1, 18, 4", "99999999999, 3, 4", "-6, -3, 4", "0, 3, 4", "6L, 3L, 4L"])})`
      ),
    (it) => it.replace("'shape'", "'shapes'")
  ])(text);
  return Uint8Array.from(Buffer.from(draw(2) ? made.padEnd(text.length) : made, "latin1"));
}

const plainNpz = (): Uint8Array =>
  zipSync(
    {
      "states.npy": npyOf("F32", [6, 3, 4], numbers.subarray(0, 72)),
      ...Object.fromEntries([0, 1, 2].map((i) => [`step_${i}.npy`, npyOf("F32", [3, 4], numbers.subarray(0, 12))]))
    },
    {mtime: "2026-01-01"}
  );

/** Members broken before they are packed, so that checksums are right, or the archive after. */
function mutatedNpz(draw: Draw, archive: Uint8Array): Uint8Array {
  if (draw(3) === 0) return mutatedBytes(draw, archive);
  const members = Object.entries(unzipSync(archive)).map(([name, bytes]): [string, Uint8Array] => [
    draw(8) ? name : oneOf(draw, ["../x.npy", "/x.npy", "state.npy", "._x.npy", "data.pkl", "\u001b.npy"]),
    draw(3) ? bytes : name.startsWith("orrery_") ? mutatedText(draw, bytes) : mutatedNpy(draw, bytes)
  ]);
  return zipSync(Object.fromEntries(members), {level: draw(2) ? 0 : 6, mtime: "2026-01-01"});
}

/** A text array of an exported archive, UTF-32 behind its header, with another JSON in it. */
function mutatedText(draw: Draw, bytes: Uint8Array): Uint8Array {
  const start = 10 + new DataView(bytes.buffer, bytes.byteOffset).getUint16(8, true);
  const codes = new Uint32Array(Uint8Array.from(bytes.subarray(start)).buffer);
  const made = Uint32Array.from(mutatedJson(draw, String.fromCodePoint(...codes)), (character) => character.codePointAt(0)!);
  return Uint8Array.from(Buffer.concat([npyHeader({dtype: "text", characters: made.length}), new Uint8Array(made.buffer)]));
}

let folder: string | undefined;
const made = new Map<string, Promise<Uint8Array>>();

/** Where the whole files are made that the broken ones come from. */
export function keepWholeFilesIn(path: string): void {
  folder = path;
  made.clear();
}

/** A run of 4 steps with a readout, made once. */
async function smallRun(): Promise<string> {
  const dir = join(folder!, "whole");
  await once("run", async () => {
    await rm(dir, {recursive: true, force: true});
    await mkdir(folder!, {recursive: true});
    const writer = await startSmallTrace(dir, {readout: true});
    await writeNumbered(writer, 4);
    await writer.complete();
    return new Uint8Array();
  });
  return dir;
}

const exportedFile = (format: "npz" | "safetensors"): Promise<Uint8Array> =>
  once(format, async () => {
    const reader = await openTrace(await smallRun());
    const out = join(folder!, `whole.${format}`);
    await rm(out, {force: true});
    await exportRun(reader, {format, out});
    await reader.close();
    return readFile(out);
  });

/** The example report without what draws it and most of its numbers, which are most of the file. */
const reportText = async (): Promise<string> => {
  const bytes = await once("report", async () => {
    const page = await readFile(fixtures("reports/column-of-sums.html"), "utf8");
    const [, opening, data] = /(<script type="application\/json"[^>]*>)(.*?)<\/script>/s.exec(page)!;
    const report = JSON.parse(data) as {numbers: object; verdicts: unknown[]};
    const small = {...report, numbers: {}, verdicts: report.verdicts.slice(0, 3)};
    return strToU8(`<!doctype html>${opening}${JSON.stringify(small).replaceAll("<", "\\u003c")}</script>`);
  });
  return strFromU8(bytes);
};

function once(name: string, make: () => Promise<Uint8Array>): Promise<Uint8Array> {
  const before = made.get(name);
  if (before) return before;
  const now = make();
  made.set(name, now);
  return now;
}
