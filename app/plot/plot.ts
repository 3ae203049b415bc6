/** A drawing mounted in a node it was given. It knows no React, asks no server and reads no style sheet. */
export interface Plot<Props> {
  update(props: Props): void;
  destroy(): void;
}

export type PlotMaker<Props> = (node: HTMLElement, props: Props) => Plot<Props>;

/** What every plot is told: its size in pixels and the colours of the theme. */
export interface Frame {
  readonly width: number;
  readonly height: number;
}
