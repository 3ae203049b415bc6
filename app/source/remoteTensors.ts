import {decodeFloats, dtypes} from "../../capture/trace/dtype.ts";
import {countOf, headerBytesOf, parseHeader, PREAMBLE_BYTES, type SafetensorsHeader} from "../../capture/trace/safetensorsHeader.ts";
import {placeOf, type SafetensorsFile} from "../../capture/trace/tensorPlaces.ts";
import type {RemoteFile} from "./remoteFile.ts";
import {numbersOf, type Tensor, type Tensors} from "./safetensors.ts";
import type {StepRange} from "./slices.ts";

/** A safetensors file on a web server. */
export interface RemoteTensors {
  readonly header: SafetensorsHeader;
  /** The same as the readers of traces know it. */
  readonly file: SafetensorsFile;
  /** Its tensors; of those that have steps on their first axis, some of them. */
  steps(options: StepsOptions, signal?: AbortSignal): Promise<Tensors>;
}

interface StepsOptions {
  /** First and last step; all without. */
  readonly range?: Partial<StepRange>;
  /** Which tensors have steps; the others come with a range from 0 only. Defaults to all. */
  readonly isStepped?: (name: string) => boolean;
  /** Rows that are there, where the header promises more. */
  readonly rows?: number;
}

export async function openRemoteTensors(remote: RemoteFile): Promise<RemoteTensors> {
  const [preamble] = await remote.read([{begin: 0, end: PREAMBLE_BYTES}]);
  const [start] = await remote.read([{begin: 0, end: PREAMBLE_BYTES + headerBytesOf(preamble)}]);
  const header = parseHeader(start);
  return {
    header,
    file: safetensorsFile(remote, header),
    async steps({range: {from = 0, to = Infinity} = {}, isStepped = () => true, rows: most = Infinity}, signal) {
      const firstStep = Number(header.metadata.first_step ?? 0);
      const parts = [...header.tensors]
        .filter(([name]) => isStepped(name) || from === 0)
        .map(([name, {dtype, shape, begin, end}]) => {
          const [all, ...slab] = shape;
          const rowBytes = countOf(slab) * dtypes[dtype].bytes;
          const rows = Math.min(all, most);
          const first = Math.min(rows, Math.max(0, from - firstStep));
          const last = Math.max(first, Math.min(rows, to - firstStep + 1));
          const place = header.dataStart + begin;
          return isStepped(name)
            ? {name, dtype, shape: [last - first, ...slab], begin: place + first * rowBytes, end: place + last * rowBytes}
            : {name, dtype, shape, begin: place, end: header.dataStart + end};
        });
      const bytes = await remote.read(parts, signal);
      const tensors = parts.map(({name, dtype, shape}, i): [string, Tensor] => [name, {shape, data: numbersOf(dtype, bytes[i])}]);
      return {tensors: Object.fromEntries(tensors), metadata: header.metadata};
    }
  };
}

function safetensorsFile(remote: RemoteFile, header: SafetensorsHeader): SafetensorsFile {
  const readSpans: SafetensorsFile["readSpans"] = async (name, spans, into) => {
    const places = spans.map(({from, count}) => placeOf(header, name, from, count));
    const parts = await remote.read(places.map(({position, length}) => ({begin: position, end: position + length})));
    let at = 0;
    for (const [i, {dtype}] of places.entries()) {
      into.set(decodeFloats(dtype, parts[i]), at);
      at += spans[i].count;
    }
  };
  return {
    ...header,
    fileBytes: header.dataStart + header.dataBytes,
    readSpans,
    async readFloats(name, from = 0, count) {
      const {dtype, position, length} = placeOf(header, name, from, count);
      const [bytes] = await remote.read([{begin: position, end: position + length}]);
      return decodeFloats(dtype, bytes);
    },
    readInto: (name, from, into) => readSpans(name, [{from, count: into.length}], into),
    close: () => Promise.resolve()
  };
}
