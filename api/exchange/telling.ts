/** Work that tells how far it is. */
export interface Telling {
  /** Told a share of the work, 0 to 1, never falling. */
  readonly progress?: (share: number) => void;
}
