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

const SLOW = 28; // milliseconds from frame to frame: less is drawn, well before 33
const QUICK = 20; // a frame that the screen has waited for: more may be drawn
const FEWER = 0.7;
const MORE = 1.3;

/** A pace that follows how long frames of one movement take. */
export function framePace({first, least, most}: FramePaceOptions): FramePace {
  let pieces = Math.min(first, most);
  let before = -Infinity;
  return {
    pieces: () => Math.round(pieces),
    frame(now) {
      const took = now - before;
      before = now;
      if (took === Infinity) return;
      if (took > SLOW) pieces = Math.max(Math.min(least, most), FEWER * pieces);
      else if (took < QUICK) pieces = Math.min(most, MORE * pieces);
    },
    pause() {
      before = -Infinity;
    }
  };
}
