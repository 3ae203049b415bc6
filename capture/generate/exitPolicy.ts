/** What an exit rule is shown after a step; see analysis/exit for the rules. */
interface ExitMoment {
  /** 0 for the start. */
  readonly step: number;
  /** The raw state [positions, width]. */
  readonly state: Float32Array;
  readonly width: number;
  /** Natural logarithms of the last position's next-token distribution [vocab]. */
  readonly logprobs?: Float32Array;
  /** The model's own exit gate at the last position. */
  readonly gate?: number;
}

/** When a token leaves the loop. `start` begins one token, or a prompt that iterates together; what it gives sees one moment after another. */
export interface ExitPolicy {
  readonly reads: "state" | "logprobs" | "gate";
  /** Every step is still taken, and leaving only chooses which one is read. */
  readonly runsOn?: boolean;
  start(): (moment: ExitMoment) => {readonly value: number; readonly exit: boolean};
}
