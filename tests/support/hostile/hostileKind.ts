import type {Draw} from "./mutate.ts";

/** One kind of file that people hand to us: how one is made and broken, and everything that we read it with. */
export interface HostileKind {
  /** Writes a broken one somewhere in the folder, and answers with its size in bytes. */
  write(draw: Draw, folder: string): Promise<number>;
  /** Reads it in every way; throws what the reader throws. */
  read(folder: string): Promise<void>;
}
