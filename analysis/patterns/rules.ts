import {COMES_AGAIN, FEW_DIRECTIONS, FEW_PER_STATE, IN_PLANE, SPANNED} from "./orbit/besideCurve.ts";
import {FEW_STATES, MOST_STATES} from "./pathProducts.ts";
import {KICKED_P, KICKED_SHARE} from "./orbit/keptGoing.ts";
import {ALPHA, NULLS} from "./classifyRun.ts";
import {
  CALMED,
  CALMED_BY_CHANCE,
  CAME_CLOSE,
  CAME_FAR,
  CAME_HOME,
  MANY_IN_ORDER,
  MOST_AHEAD,
  MOVES_IN,
  NO_JUMPS,
  RESTING_FLOORS,
  ROUNDING_FLOORS,
  SETTLED_FLOORS,
  TAIL_SHARE
} from "./approach/contraction.ts";
import {DEAD_BAND, EVENLY, FELL_FROM} from "./orbit/heldByRounding.ts";
import {DEEP} from "./nulls/dyingSteps.ts";
import {ALL_SIDES, END_UNFORESEEN, ROUGHER} from "./approach/foreseen.ts";
import {FALLEN, IN_ORDER, QUICK} from "./approach/heldDirections.ts";
import {OVER, RINGING} from "./contradictions.ts";
import {IN_ALL, LAST_STEPS, MOVES_AGAIN} from "./approach/leaving.ts";
import {CLOSES_LATER, FAINT_OVERTONE, LASTS} from "./orbit/closure.ts";
import {SAME_WAY, SURELY_BEHIND, SURE_END, UNLIKE, WENT_BEFORE} from "./approach/endless.ts";
import {COMB_TURNS, NOISE_SHARE} from "./orbit/comb.ts";
import {KEPT_SPEED, LEAST_RATIO, LONGEST_MEMORY, LOST_SPEED, MOST_VARIATION, ROUND, STEADY, STRAIGHT} from "./slider/drift.ts";
import {LEAST_STILL, STOPS_IN} from "./path/judgedRows.ts";
import {PATTERNS} from "./labels.ts";
import {COMES_ROUND} from "./orbit/determinism.ts";
import {
  FAINT_RATIO,
  IN_PLACE,
  LEAST_COHERENCE,
  LEAST_TURNS,
  LOST,
  MOST_OWN_NOISE,
  MOST_PARTING,
  REACHED,
  STEADY_CHANGE,
  SURE_PARTING
} from "./orbit/judgedLine.ts";
import {
  ANEW,
  AS_MUCH_ALONG,
  COMES_BACK,
  DIES_AWAY,
  DIFFERS,
  FAIR_ERROR,
  FAR_OFF,
  FLAT_ELLIPSE,
  FORESEEN,
  KICKED_OFF,
  OFF_CURVE,
  OFF_POINTS,
  PARTS,
  SEEN_OFTEN,
  SURE_ERROR,
  UNFORESEEN
} from "./orbit/offCurve.ts";
import {LEAST_PARTS} from "./orbit/keptAmplitude.ts";
import {LEAST_FROM_FAR, LEAST_TURNING} from "./approach/singleMode.ts";
import {GONE_ON, HARDLY, ROUNDED_ANEW} from "./approach/slowPart.ts";
import {WANDERED} from "./approach/wanders.ts";
import {MOST_POWER} from "./approach/ways.ts";
import {MOST_SHARE} from "./path/weights.ts";

const REVISION = 21; // to be raised with every change of a rule that changes no number below

/** Everything that a label depends on beside the states. */
const RULES = {
  REVISION,
  PATTERNS,
  NULLS,
  ALPHA,
  MOST_STATES,
  FEW_STATES,
  LEAST_STILL,
  STOPS_IN,
  MOST_SHARE,
  CAME_FAR,
  CAME_CLOSE,
  CAME_HOME,
  CALMED,
  CALMED_BY_CHANCE,
  NO_JUMPS,
  MOVES_IN,
  LEAST_FROM_FAR,
  LEAST_TURNING,
  MANY_IN_ORDER,
  DEAD_BAND,
  FELL_FROM,
  EVENLY,
  QUICK,
  FALLEN,
  DEEP,
  IN_ORDER,
  ALL_SIDES,
  END_UNFORESEEN,
  ROUGHER,
  MOST_AHEAD,
  MOST_POWER,
  SURE_END,
  UNLIKE,
  WENT_BEFORE,
  SAME_WAY,
  WANDERED,
  GONE_ON,
  HARDLY,
  ROUNDED_ANEW,
  SURELY_BEHIND,
  RESTING_FLOORS,
  ROUNDING_FLOORS,
  SETTLED_FLOORS,
  TAIL_SHARE,
  KEPT_SPEED,
  LEAST_RATIO,
  LONGEST_MEMORY,
  LOST_SPEED,
  MOST_VARIATION,
  ROUND,
  STEADY,
  STRAIGHT,
  FAINT_RATIO,
  IN_PLACE,
  LEAST_COHERENCE,
  LEAST_TURNS,
  LOST,
  MOST_PARTING,
  SURE_PARTING,
  COMES_ROUND,
  COMB_TURNS,
  NOISE_SHARE,
  KICKED_SHARE,
  KICKED_P,
  MOST_OWN_NOISE,
  OFF_CURVE,
  OFF_POINTS,
  FAR_OFF,
  FLAT_ELLIPSE,
  FORESEEN,
  SURE_ERROR,
  COMES_BACK,
  PARTS,
  DIES_AWAY,
  SEEN_OFTEN,
  KICKED_OFF,
  ANEW,
  UNFORESEEN,
  FAIR_ERROR,
  DIFFERS,
  AS_MUCH_ALONG,
  FEW_DIRECTIONS,
  FEW_PER_STATE,
  SPANNED,
  IN_PLANE,
  COMES_AGAIN,
  LASTS,
  CLOSES_LATER,
  FAINT_OVERTONE,
  RINGING,
  OVER,
  IN_ALL,
  LAST_STEPS,
  MOVES_AGAIN,
  LEAST_PARTS,
  REACHED,
  STEADY_CHANGE
};

/** A short name of these rules (FNV-1a, eight hexadecimal digits): labels kept under another are not this program's. */
export const rulesHash = (rules: unknown = RULES): string => {
  let hash = 2166136261;
  for (const letter of JSON.stringify(rules)) hash = Math.imul(hash ^ letter.charCodeAt(0), 16777619);
  return (hash >>> 0).toString(16).padStart(8, "0");
};
