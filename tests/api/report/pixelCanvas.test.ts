import {inflateSync} from "node:zlib";
import {expect, it} from "vitest";
import {pixelCanvas} from "../../../api/report/pixelCanvas.ts";

/** The rows of an 8-bit RGBA PNG whose rows are not filtered. */
function rowsOf(url: string): number[][] {
  const png = Buffer.from(url.replace("data:image/png;base64,", ""), "base64");
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const length = png.readUInt32BE(33);
  const data = inflateSync(png.subarray(41, 41 + length));
  return Array.from({length: height}, (_, row) => [...data.subarray((4 * width + 1) * row + 1, (4 * width + 1) * (row + 1))]);
}

it("pixelCanvas gives what was filled back as a PNG, and leaves the rest clear", () => {
  const canvas = pixelCanvas();
  Object.assign(canvas, {width: 3, height: 2});
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  for (const [i, colour] of ["#0a141e", "rgb(255, 0, 128)", "hsl(120 100% 50%)", "hsl(207 40.5% 0%)", "hsl(0 2e-14% 100%)"].entries()) {
    context.fillStyle = colour;
    context.fillRect(i % 3, Math.floor(i / 3), 1, 1);
  }
  expect(rowsOf(canvas.toDataURL())).toEqual([
    [10, 20, 30, 255, 255, 0, 128, 255, 0, 255, 0, 255],
    [0, 0, 0, 255, 255, 255, 255, 255, 0, 0, 0, 0]
  ]);
});

it("pixelCanvas gives pixels that were put at once back as a PNG", () => {
  const canvas = pixelCanvas();
  Object.assign(canvas, {width: 2, height: 2});
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  const image = context.createImageData(1, 2);
  image.data.set([10, 20, 30, 255, 0, 0, 0, 0]);
  context.putImageData(image, 1, 0);
  expect(rowsOf(canvas.toDataURL())).toEqual([
    [0, 0, 0, 0, 10, 20, 30, 255],
    [0, 0, 0, 0, 0, 0, 0, 0]
  ]);
});

it("pixelCanvas takes every other drawing and keeps nothing of it", () => {
  const canvas = pixelCanvas();
  Object.assign(canvas, {width: 1, height: 1});
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  context.beginPath();
  context.lineTo(1, 1);
  context.stroke();
  expect(rowsOf(canvas.toDataURL())).toEqual([[0, 0, 0, 0]]);
});

it("pixelCanvas refuses a colour that it cannot read", () => {
  const context = pixelCanvas().getContext("2d") as CanvasRenderingContext2D;
  context.fillStyle = "rebeccapurple";
  expect(() => context.fillRect(0, 0, 1, 1)).toThrow(new RangeError("unknown colour: rebeccapurple; expected #rrggbb, rgb() or hsl()"));
});

it("pixelCanvas takes a text for about as wide as it is drawn in its font's size", () => {
  const context = pixelCanvas().getContext("2d") as CanvasRenderingContext2D;
  context.font = "600 12px sans-serif";
  expect(context.measureText("ten letter").width).toBeCloseTo(66, 9);
  expect(context.measureText("数学").width).toBe(24);
});
