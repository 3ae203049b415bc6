/** What drawing took, in milliseconds: until the first picture, from frame to frame while it moved, and from the last move to the last change. */
export interface Drawn {
  readonly first: number;
  readonly times: readonly number[];
  readonly rest: number;
}

const FEWEST_FRAMES = 5;

/** Moves the picture once a frame for some seconds, at least a few frames. */
export async function frameTimes(seconds: number, move: (frame: number) => void): Promise<number[]> {
  const times: number[] = [];
  const end = performance.now() + 1000 * seconds;
  let before = performance.now();
  for (let frame = 0; performance.now() < end || times.length < FEWEST_FRAMES; ++frame) {
    move(frame);
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    times.push(now - before);
    before = now;
  }
  return times;
}

/** Waits until a canvas has really been drawn. */
export function onePixel(canvas: HTMLCanvasElement): void {
  const copy = document.createElement("canvas");
  copy.width = copy.height = 1;
  const context = copy.getContext("2d") as CanvasRenderingContext2D;
  context.drawImage(canvas, 0, 0, 1, 1, 0, 0, 1, 1);
  context.getImageData(0, 0, 1, 1);
}

const STILL = 500; // milliseconds without a change: it is at rest

/** How long a canvas goes on changing. */
export async function untilStill(canvas: HTMLCanvasElement): Promise<number> {
  const begun = performance.now();
  let [seen, changed] = ["", begun];
  while (performance.now() - changed < STILL) {
    const now = canvas.toDataURL();
    if (now !== seen) [seen, changed] = [now, performance.now()];
    await new Promise(requestAnimationFrame);
  }
  return changed - begun;
}
