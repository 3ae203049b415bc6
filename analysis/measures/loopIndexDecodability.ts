import {dot} from "../matrix.ts";
import {stateAt, type States} from "../states.ts";
import {Refusal} from "../../capture/trace/refusal.ts";

interface LoopIndexDecodability {
  /** Share of the held-out states whose step was named rightly, [step]. */
  readonly accuracy: Float64Array;
  readonly overall: number;
  /** 1 / steps: what guessing gives. */
  readonly chance: number;
}

/**
 * From which step is this state? Nearest mean state per step, learned on the tokens of even index (all initial states) and asked of those of odd index, so that no token is in both.
 * The authors' own probe (scripts/classify_loops.py of seal-rg/recurrent-pretraining) is a small network that is validated on training batches; this is the plain, honest form of the same
 * question: steps are told apart while states still move and not after they have settled. Throws a Refusal for fewer than two tokens.
 */
export function loopIndexDecodability(states: States): LoopIndexDecodability {
  const {steps, inits, tokens, width} = states;
  if (tokens < 2) throw new Refusal(`invalid tokens: ${tokens}; expected at least 2, one to learn from and one to ask`);
  const learned = inits * Math.ceil(tokens / 2);
  const means = Array.from({length: steps}, (_, step) => {
    const mean = new Float32Array(width);
    for (let init = 0; init < inits; ++init) {
      for (let token = 0; token < tokens; token += 2) stateAt(states, step, token, init).forEach((x, k) => (mean[k] += x / learned));
    }
    return mean;
  });
  const lengths = means.map((mean) => dot(mean, mean));
  const nearest = (state: Float32Array): number => {
    let [best, least] = [0, Infinity];
    means.forEach((mean, step) => {
      const distance = lengths[step] - 2 * dot(state, mean);
      if (distance < least) [best, least] = [step, distance];
    });
    return best;
  };
  const asked = inits * Math.floor(tokens / 2);
  const accuracy = Float64Array.from({length: steps}, (_, step) => {
    let right = 0;
    for (let init = 0; init < inits; ++init)
      for (let token = 1; token < tokens; token += 2) if (nearest(stateAt(states, step, token, init)) === step) ++right;
    return right / asked;
  });
  return {accuracy, overall: accuracy.reduce((sum, x) => sum + x, 0) / steps, chance: 1 / steps};
}
