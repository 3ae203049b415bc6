import {zlibSync} from "fflate";

/** What a canvas element needs so that drawings of single pixels can be taken out as a PNG; lines and shapes leave nothing. */
interface PixelCanvas {
  width: number;
  height: number;
  /** Only a 2d one: null for every other kind. */
  getContext(kind: string): object | null;
  toDataURL(): string;
}

/** Pixels, four bytes each. */
interface Image {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** A canvas that remembers `putImageData`, and `fillRect` in `hsl()`, `rgb()` and `#rrggbb` colours; it knows no font, and takes a text for about as wide as most are. */
export function pixelCanvas(): PixelCanvas {
  const cells: {x: number; y: number; width: number; height: number; pixelAt: (x: number, y: number) => ArrayLike<number>}[] = [];
  const style = {fillStyle: "#000000", font: "10px sans-serif"};
  const context = new Proxy(style, {
    get(target, name) {
      if (name === "fillRect")
        return (x: number, y: number, width: number, height: number) => {
          const colour = [...rgbOf(target.fillStyle), 255];
          cells.push({x, y, width, height, pixelAt: () => colour});
        };
      if (name === "createImageData")
        return (width: number, height: number): Image => ({width, height, data: new Uint8ClampedArray(4 * width * height)});
      if (name === "putImageData")
        return ({width, height, data}: Image, left: number, top: number) => {
          const at = (x: number, y: number): number => 4 * ((y - top) * width + x - left);
          cells.push({x: left, y: top, width, height, pixelAt: (x, y) => data.subarray(at(x, y), at(x, y) + 4)});
        };
      if (name === "measureText") return (text: string) => ({width: emsOf(text) * Number(/([\d.]+)px/.exec(target.font)?.[1] ?? 10)});
      return name in target ? target[name as keyof typeof target] : () => undefined;
    }
  });
  return {
    width: 300,
    height: 150,
    getContext: (kind) => (kind === "2d" ? context : null),
    toDataURL() {
      const {width, height} = this;
      const pixels = new Uint8Array(4 * width * height);
      for (const {x, y, width: w, height: h, pixelAt} of cells) {
        for (let row = y; row < Math.min(height, y + h); ++row)
          for (let column = x; column < Math.min(width, x + w); ++column) pixels.set(pixelAt(column, row), 4 * (row * width + column));
      }
      return `data:image/png;base64,${Buffer.from(pngOf(pixels, width, height)).toString("base64")}`;
    }
  };
}

const LETTER = 0.55; // em
const WIDE = /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Extended_Pictographic}/u; // as wide as high

const emsOf = (text: string): number => [...text].reduce((sum, letter) => sum + (WIDE.test(letter) ? 1 : LETTER), 0);

type Rgb = readonly [number, number, number];

function rgbOf(colour: string): Rgb {
  if (/^#[0-9a-f]{6}$/i.test(colour)) return [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16)) as unknown as Rgb;
  const numbers = colour.match(/-?[\d.]+(?:e[-+]?\d+)?/gi)?.map(Number) ?? [];
  if (colour.startsWith("rgb") && numbers.length >= 3) return numbers.slice(0, 3) as unknown as Rgb;
  if (colour.startsWith("hsl") && numbers.length >= 3) return rgbOfHsl(numbers[0], numbers[1] / 100, numbers[2] / 100);
  throw new RangeError(`unknown colour: ${colour}; expected #rrggbb, rgb() or hsl()`);
}

/** CSS Color 4, section 7.1: hue in degrees, the others 0 to 1. */
function rgbOfHsl(hue: number, saturation: number, lightness: number): Rgb {
  const a = saturation * Math.min(lightness, 1 - lightness);
  const channel = (n: number): number => {
    const k = (n + hue / 30) % 12;
    return Math.round(255 * (lightness - a * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  };
  return [channel(0), channel(8), channel(4)];
}

const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];
const RGBA_8_BIT = [8, 6, 0, 0, 0]; // depth, colour type, compression, filter, interlace

function pngOf(pixels: Uint8Array, width: number, height: number): Uint8Array {
  const rows = new Uint8Array((4 * width + 1) * height); // each row begins with its filter: 0, none
  for (let row = 0; row < height; ++row) rows.set(pixels.subarray(4 * width * row, 4 * width * (row + 1)), (4 * width + 1) * row + 1);
  const size = new Uint8Array(13);
  new DataView(size.buffer).setUint32(0, width);
  new DataView(size.buffer).setUint32(4, height);
  size.set(RGBA_8_BIT, 8);
  return Uint8Array.from([...SIGNATURE, ...chunk("IHDR", size), ...chunk("IDAT", zlibSync(rows)), ...chunk("IEND", new Uint8Array(0))]);
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; ++i) bytes[4 + i] = type.charCodeAt(i);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

/** PNG specification, annex D. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; ++bit) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
