/** How much is drawn within one frame: as much as keeps a picture that moves fluent. */
export interface FramePace {
  /** How many pieces the next frame may draw. */
  readonly pieces: () => number;
  /** A frame begins; `now` is in milliseconds. */
  readonly frame: (now: number) => void;
  /** The movement has ended: how long it takes until the next frame says nothing. */
  readonly pause: () => void;
}

interface FramePaceOptions {
  /** Pieces of the first frame, before anything is known of the machine. */
  readonly first: number;
  readonly least: number;
  readonly most: number;
}

const WINDOW = 4; // frames of one measurement: a browser that draws behind its page is late in one frame and early in the next
const SLOW = 19; // milliseconds a frame in the mean: the slowest of them stay within 33 only where the mean is well below
const QUICK = 17.5; // frames that the screen has waited for: more may be drawn
const FEWEST = 0.5; // of the pieces, after any frames: one that something else held up says little
const MORE = 1.15;

/** A pace that follows how long frames of one movement take. */
export function framePace({first, least, most}: FramePaceOptions): FramePace {
  let pieces = Math.min(first, most);
  let begun: number | undefined;
  let frames = 0;

  function measure(mean: number): void {
    if (mean > SLOW) pieces = Math.max(Math.min(least, most), Math.max(FEWEST, SLOW / mean) * pieces);
    else if (mean < QUICK) pieces = Math.min(most, MORE * pieces);
  }

  return {
    pieces: () => Math.round(pieces),
    frame(now) {
      if (begun !== undefined && ++frames < WINDOW) return;
      if (begun !== undefined) measure((now - begun) / WINDOW);
      begun = now;
      frames = 0;
    },
    pause() {
      begun = undefined;
      frames = 0;
    }
  };
}
