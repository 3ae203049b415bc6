import type {Ops} from "./ops.ts";
import type {Site} from "./site.ts";

/** How a weight is drawn before training: normal, cut at three standard deviations; `mean` everywhere where `std` is 0. */
export interface Initialiser {
  readonly mean: number;
  readonly std: number;
}

/** A weight as the model names it, and where the family's checkpoints keep it. */
export interface WeightSpec {
  readonly name: string;
  /** The tensor's name in the checkpoint. */
  readonly source: string;
  /** Its shape there. */
  readonly sourceShape: readonly number[];
  /** Its shape in the model: the same numbers in the same order, followed by zeros where it has more of them. */
  readonly shape: readonly number[];
  readonly initial: Initialiser;
  /** Never rounded to 8 bits; defaults to false. */
  readonly exact?: boolean;
}

/** One of the arrays that the loop carries, a site of its name. */
export interface StatePart {
  readonly name: string;
  readonly width: number;
  /**
   * How it starts: `noise` is drawn, normal with this deviation and cut at three; `input` is made of the tokens by `begin`;
   * `weight` is a stored vector, the same at every position, that was once drawn with this deviation.
   */
  readonly start:
    | {readonly from: "noise"; readonly std: number}
    | {readonly from: "input"}
    | {readonly from: "weight"; readonly weight: string; readonly std: number};
}

/** What the tokens alone make. */
interface Begun<T> {
  /** Given to every step, in a model that injects its input. */
  readonly input?: T;
  /** The state part that starts from the input, in a model that has one. */
  readonly start?: T;
}

/** RMSNorm as data: x / √(mean(x²) + ε), times a weight of this name where there is one. */
interface Norm {
  readonly weight?: string;
  readonly eps: number;
}

/**
 * A looped model, its config read: all that the rest of the program knows of it. The functions are written over `Ops` and know
 * nothing of batches, files or steps.
 */
export interface Model {
  /** The family's name, as traces note it. */
  readonly family: string;
  /** Width of the state. */
  readonly width: number;
  readonly vocab: number;
  /** The longest sequence. */
  readonly maxTokens: number;
  /** Steps that the model was trained for (on average), its own default; what lies beyond them is extrapolation. */
  readonly trainedSteps: number;
  /** Stacks of blocks in the order of the computation, for people to see. */
  readonly stacks: readonly {readonly name: string; readonly blocks: number}[];
  /** What the loop carries, `state` first. Rows of the parts stand side by side, in this order. */
  readonly parts: readonly StatePart[];
  /** Numbers per position of all parts together. */
  readonly carriedWidth: number;
  /** Numbers per position of what every step is given again; 0 where the input is not injected. */
  readonly inputWidth: number;
  /** Whether the prompt's tokens see one another in both directions, as the model was trained; defaults to false. */
  readonly isPrefixed?: boolean;
  readonly weights: readonly WeightSpec[];
  readonly sites: readonly Site[];
  /** Sites of width 1 that are numbers about a step, such as an exit gate: they stand in the readout. */
  readonly scalars: readonly string[];
  /** The scalar that is the probability of leaving the loop at a step; absent in a model without a gate. */
  readonly exitGate?: string;
  /** Ways to read a state: first the model's own, last the shortest. */
  readonly lenses: readonly string[];
  /** What `state` is, and its step 0: half a sentence, for people. */
  readonly stateIs: string;
  /** What a lens computes of a state hₜ, by its name: a formula, for people. */
  readonly lensFormulas: Readonly<Record<string, string>>;
  /** What makes `state_normed` of `state`; absent where nothing does. */
  readonly stateNorm?: Norm;
  /**
   * Deviations of the noise from which path independence is tested, in turn: a number, or `end` for the size of a state at the end of
   * the loop. Absent where the spread of the injected input will do.
   */
  readonly testNoise?: readonly (number | "end")[];
  /** The test-time noise of the reference: `spread` times the amount is the share, and the mixture is normed; absent where the reference has none. */
  readonly testTimeNoise?: {readonly spread: number; readonly norm: Norm};

  /** Token ids → what the tokens alone make. */
  begin<T>(ops: Ops<T>, ids: T): Begun<T>;
  /** One recurrence: the state's parts → the next ones. */
  step<T>(ops: Ops<T>, state: readonly T[], input: T | undefined): readonly T[];
  /** The state's parts through a lens → what the head reads. */
  read<T>(ops: Ops<T>, lens: string, state: readonly T[]): T;
  /** What a lens reads → logits. */
  head<T>(ops: Ops<T>, x: T): T;
}

/** Tokens of a prompt that see one another in both directions, as the model was trained. */
export const ownPrefix = ({isPrefixed = false}: Pick<Model, "isPrefixed">, tokens: number): number => (isPrefixed ? tokens : 0);

/** What a checkpoint says about itself: its config.json, and its tensors' shapes by name. */
export interface CheckpointHeader {
  readonly config: unknown;
  readonly tensors: ReadonlyMap<string, readonly number[]>;
}

/** An architecture, and how its checkpoints are told from others. */
export interface Family {
  readonly name: string;
  /** `model_type` of its config.json; a config without one is taken as it comes. */
  readonly modelTypes: readonly string[];
  /** Tensor names that tell it from every other family: a checkpoint of it has at least one tensor for each. */
  readonly marks: readonly {readonly pattern: RegExp; readonly example: string}[];
  /** Patterns of tensor names that it never has, though another family with the same marks does. */
  readonly never?: readonly RegExp[];
  /** Names of all tensors that its checkpoints may hold. */
  readonly names: RegExp;
  /** Tensors that its checkpoints may hold and that are not read. */
  readonly unread: RegExp;
  /** How its models' states can be read out, the own way first: a formula for each lens. */
  readonly lensFormulas: Readonly<Record<string, string>>;
  /** Reads the config. Throws a ModelFormatError that names the key. */
  model(header: CheckpointHeader): Model;
}
