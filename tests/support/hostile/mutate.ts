/** Whole numbers from 0 to below `n`, from a seed: the same seed, the same files. */
export type Draw = (n: number) => number;

/** Mulberry32, which is plenty for choosing where to break a file. */
export function drawFrom(seed: number): Draw {
  let state = seed >>> 0;
  return (n) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * n);
  };
}

export const oneOf = <T>(draw: Draw, list: readonly T[]): T => list[draw(list.length)];

/** Breaks bytes as disks, networks and malice do; once or twice. */
export function mutatedBytes(draw: Draw, bytes: Uint8Array): Uint8Array {
  let made: Uint8Array = bytes;
  for (let i = draw(2); i >= 0; --i) made = oneOf(draw, byteMutations)(draw, made);
  return made;
}

const byteMutations: readonly ((draw: Draw, bytes: Uint8Array) => Uint8Array)[] = [
  (draw, bytes) => changed(bytes, (at) => (at.length > 0 ? (at[draw(at.length)] ^= 1 << draw(8)) : 0)),
  (draw, bytes) => changed(bytes, (at) => at.fill(oneOf(draw, [0, 0xff, 0x7f, 0x80]), ...range(draw, at.length, 16))),
  (draw, bytes) => changed(bytes, (at) => at.fill(oneOf(draw, [0, 0xff]), ...range(draw, Math.min(at.length, 128), 8))), // where headers are
  (draw, bytes) => bytes.slice(0, draw(bytes.length + 1)),
  (draw, bytes) => bytes.slice(Math.min(bytes.length, draw(64))),
  (draw, bytes) => joined(bytes, new Uint8Array(draw(4096))),
  (draw, bytes) => {
    const [from, to] = range(draw, bytes.length, 256);
    return joined(bytes.subarray(0, to), bytes.subarray(from)); // a part twice
  },
  (draw, bytes) => {
    const [from, to] = range(draw, bytes.length, 256);
    return joined(bytes.subarray(0, from), bytes.subarray(to)); // a part missing
  },
  (draw, bytes) => changed(bytes, (at) => digits(draw, at))
];

function changed(bytes: Uint8Array, change: (copy: Uint8Array) => unknown): Uint8Array {
  const copy = Uint8Array.from(bytes);
  change(copy);
  return copy;
}

const joined = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));

function range(draw: Draw, length: number, most: number): [from: number, to: number] {
  const from = draw(length + 1);
  return [from, Math.min(length, from + draw(most) + 1)];
}

/** Other digits in the place of some: sizes and offsets stand in headers as text. */
function digits(draw: Draw, bytes: Uint8Array): void {
  const places = [...bytes.keys()].filter((i) => bytes[i] >= 0x30 && bytes[i] <= 0x39);
  for (let i = draw(4); i >= 0 && places.length > 0; --i) bytes[oneOf(draw, places)] = 0x30 + draw(10);
}

const MOST_COPIED = 200_000; // characters

const BAD_TEXTS = [
  "",
  "\u001b]0;title\u0007\u001b[31m",
  "\u009b31m\u202e",
  "x".repeat(300_000),
  "../../etc/passwd",
  "__proto__",
  "constructor",
  "\ud800",
  "=1+2",
  "a\nb\r\nc",
  "{".repeat(5000),
  "NaN"
];
const BAD_NUMBERS = [-1, 0, 1, 0.5, 1e308, 2 ** 31, 2 ** 32, 2 ** 53, 2 ** 53 + 2, 1e20, -1e9, 100_000, 16_000_000, 5e-324];

/** Breaks a JSON text as somebody does who knows what it is for; now and then its bytes only. */
export function mutatedJson(draw: Draw, text: string): string {
  if (draw(8) === 0) return Buffer.from(mutatedBytes(draw, Buffer.from(text))).toString("utf8");
  if (draw(40) === 0) return oneOf(draw, ["[", '{"a":']).repeat(200_000);
  let value: unknown = JSON.parse(text);
  for (let i = draw(2); i >= 0; --i) value = mutatedValue(draw, value);
  const made = JSON.stringify(value) ?? "";
  return draw(12) === 0 ? doubled(draw, made) : made;
}

/** One place somewhere inside a value, changed. */
function mutatedValue(draw: Draw, value: unknown): unknown {
  const inside = typeof value === "object" && value !== null ? Object.keys(value) : [];
  if (inside.length === 0 || draw(10) === 0) return other(draw);
  const key = oneOf(draw, inside);
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : {...(value as object)}) as Record<string, unknown>;
  switch (draw(8)) {
    case 0:
      if (Array.isArray(copy)) copy.splice(Number(key), 1);
      else delete copy[key];
      break;
    case 1:
      copy[Array.isArray(copy) ? String(copy.length) : oneOf(draw, BAD_TEXTS)] = other(draw);
      break;
    case 2:
      copy[key] = Array.from(
        {length: Math.min(draw(2000), Math.floor(MOST_COPIED / (JSON.stringify(copy[key])?.length ?? 1)))},
        () => copy[key]
      );
      break;
    default:
      copy[key] = mutatedValue(draw, copy[key]);
  }
  return copy;
}

const other = (draw: Draw): unknown =>
  oneOf<() => unknown>(draw, [
    () => oneOf(draw, BAD_TEXTS),
    () => oneOf(draw, BAD_NUMBERS),
    () => oneOf(draw, BAD_NUMBERS),
    () => null,
    () => true,
    () => [],
    () => ({}),
    () => Array.from({length: draw(20)}, () => oneOf(draw, BAD_NUMBERS)),
    () => nested(draw(300))
  ])();

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < depth; ++i) value = i % 2 ? [value] : {a: value};
  return value;
}

/** A member of some object given twice. */
function doubled(draw: Draw, json: string): string {
  const members = [...json.matchAll(/"(?:[^"\\]|\\.){1,40}":(?:\d+|"[^"\\]{0,40}"|true|null)/g)];
  if (members.length === 0) return json;
  const {0: member, index} = oneOf(draw, members);
  return `${json.slice(0, index)}${member},${json.slice(index)}`;
}
