/** A drawing mounted in a node it was given. It knows no React, asks no server and reads no style sheet. */
export interface Plot<Props> {
  update(props: Props): void;
  destroy(): void;
  /** What is on the screen as a drawing that stands on its own. */
  picture(): SVGSVGElement;
}

export type PlotMaker<Props, Made extends Plot<Props> = Plot<Props>> = (node: HTMLElement, props: Props) => Made;

/** What every plot is told: its size in pixels. */
export interface Frame {
  readonly width: number;
  readonly height: number;
}
