import type {Model} from "./family.ts";

/** What not every model can be asked: other kinds of initial states, two edits, path independence, two things of generating. */
export const CONDITIONAL = ["init_kind", "swap_input", "noise", "paths", "warm_start_normed", "exit_gate", "diffuse"] as const;
type Conditional = (typeof CONDITIONAL)[number];

type Told = Pick<Model, "family" | "parts" | "inputWidth" | "testTimeNoise" | "stateNorm" | "exitGate">;

/** Whether a model's own start is drawn, so that every initial state is one. In others there is one own start. */
export const isDrawn = ({parts}: Pick<Model, "parts">): boolean => parts.every(({start}) => start.from === "noise");

/** Whether all of the start is made of the input, so that another start is another input. */
export const isMade = ({parts}: Pick<Model, "parts">): boolean => parts.every(({start}) => start.from === "input");

/** Why a model cannot be asked something, half a sentence each; what it can be asked is left out. Refusals say it, and forms before they are sent. */
export function notOffered(model: Told): Partial<Readonly<Record<Conditional, string>>> {
  const {family, inputWidth, testTimeNoise, stateNorm, exitGate} = model;
  const made = isMade(model);
  return {
    ...(made && {init_kind: initKindRefusal(model)}),
    ...(inputWidth === 0 && {swap_input: `${family} injects no input`}),
    ...(!testTimeNoise && {noise: `${family} has no test-time noise`}),
    ...(made && {paths: `${family} is given its input as the start and never again, so that another start is another input`}),
    ...(!stateNorm && {warm_start_normed: `${family} has no norm after its loop`}),
    ...(exitGate === undefined && {exit_gate: `${family} has no exit gate`}),
    ...(!(inputWidth > 0 && isDrawn(model)) && {
      diffuse: `no diffusion for ${family}: its loop reads its input once, so a position could not go on when its token changes`
    })
  };
}

/** Why another kind of initial state than the model's own cannot be had; undefined where it can. */
export const initKindRefusal = (model: Pick<Model, "family" | "parts">): string | undefined =>
  isMade(model) ? `${model.family} starts from its input` : undefined;

/** What the initial states of a capture are, in half a sentence. */
export const startsWords = (model: Pick<Model, "parts">): string =>
  isDrawn(model)
    ? "random starts of the same prompt"
    : isMade(model)
      ? "its own start, and that with a little noise"
      : "its own start, and its stored part drawn anew";
