import {Refusal} from "../../capture/trace/refusal.ts";
import type {ExitRule} from "./exitRule.ts";

/** Leaves where the sum of the exit distribution p_t = λ_t Π_{s<t} (1 − λ_s) reaches q; the model's config has its own q. */
export const GATE: ExitRule = {
  name: "gate",
  formula: "1 − Π_{s≤t} (1 − λ_s), λ the model's own exit gate, reached q",
  source: "Zhu et al. 2025, Ouro, arXiv 2510.25741; modeling_ouro.py",
  reads: "gate",
  threshold: 1,
  exitWhen: "reached",
  consecutive: 1,
  runsOn: true,
  start() {
    let staying = 1;
    return ({step, gate}) => {
      if (step === 0) return Number.NaN;
      if (gate === undefined) throw new Refusal("this model has no exit gate");
      staying *= 1 - gate;
      return 1 - staying;
    };
  }
};
