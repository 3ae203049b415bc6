import {rgb} from "d3";

/** Colours as the pixels of an image: four bytes each, in the order of the machine. */
export function pixelsOf(colours: readonly string[]): Uint32Array {
  const bytes = new Uint8Array(4 * colours.length);
  colours.forEach((colour, i) => {
    const {r, g, b, opacity} = rgb(colour);
    bytes.set([r, g, b, 255 * opacity].map(Math.round), 4 * i);
  });
  return new Uint32Array(bytes.buffer);
}

/** Draws a canvas of `columns` by `rows` pixels at once; 0 is a pixel that nothing is drawn on. */
export function paintCells(
  canvas: HTMLCanvasElement,
  {columns, rows}: {readonly columns: number; readonly rows: number},
  pixelAt: (column: number, row: number) => number
): void {
  canvas.width = columns;
  canvas.height = rows;
  if (columns === 0 || rows === 0) return;
  const context = canvas.getContext("2d", {willReadFrequently: true}) as CanvasRenderingContext2D; // the pixels are the processor's: a graphics card only sends them to and fro
  const image = context.createImageData(columns, rows);
  const pixels = new Uint32Array(image.data.buffer);
  for (let row = 0, at = 0; row < rows; ++row) for (let column = 0; column < columns; ++column) pixels[at++] = pixelAt(column, row);
  context.putImageData(image, 0, 0);
}
