/** A run's folder, found by its name. Examples ship with the program and are not written to. */
export interface RunPlace {
  readonly id: string;
  readonly dir: string;
  readonly example: boolean;
}
