import {CLOSES_LATER, FAINT_OVERTONE, LASTS} from "../../analysis/patterns/orbit/closure.ts";
import {COMES_AGAIN, FEW_DIRECTIONS, FEW_PER_STATE, IN_PLANE, SPANNED} from "../../analysis/patterns/orbit/besideCurve.ts";
import {CURVE_MEASURES, MEASURES, READOUT_MEASURES, type MeasureKey} from "../../analysis/measures/measures.ts";
import {SAME_ANSWER_NATS} from "../../analysis/paths/agreement.ts";
import {ALIGNED_ABOVE} from "../../analysis/paths/asymptoticAlignment.ts";
import {samePlaceWithin} from "../../analysis/paths/samePlace.ts";
import {FLOORS_ABOVE, SPECTRUM_POWER} from "../../analysis/paths/contraction.ts";
import {FEW_STATES, MOST_STATES} from "../../analysis/patterns/pathProducts.ts";
import {ALL_SIDES, END_UNFORESEEN, MOST_FUNCTIONS, ROUGHER} from "../../analysis/patterns/approach/foreseen.ts";
import {CARRIED} from "../../analysis/patterns/approach/approaches.ts";
import {
  CALMED,
  CAME_CLOSE,
  CAME_FAR,
  CAME_HOME,
  MOST_AHEAD,
  MOVES_IN,
  RESTING_FLOORS,
  ROUNDING_FLOORS,
  SETTLED_FLOORS,
  TAIL_SHARE
} from "../../analysis/patterns/approach/contraction.ts";
import {OVER, RINGING} from "../../analysis/patterns/contradictions.ts";
import {IN_ALL, LAST_STEPS, MOVES_AGAIN} from "../../analysis/patterns/approach/leaving.ts";
import {SAME_WAY, SURELY_BEHIND, SURE_END, UNLIKE, WENT_BEFORE} from "../../analysis/patterns/approach/endless.ts";
import {DEAD_BAND, FELL_FROM} from "../../analysis/patterns/orbit/heldByRounding.ts";
import {FLOORS_TRIED} from "../../analysis/patterns/approach/displacementSlope.ts";
import {
  KEPT_SPEED,
  LEAST_RATIO,
  LONGEST_MEMORY,
  LOST_SPEED,
  MOST_VARIATION,
  ROUND,
  STEADY,
  STRAIGHT
} from "../../analysis/patterns/slider/drift.ts";
import {COMB_TURNS, NOISE_SHARE} from "../../analysis/patterns/orbit/comb.ts";
import {COMES_ROUND} from "../../analysis/patterns/orbit/determinism.ts";
import {
  FAINT_RATIO,
  IN_PLACE,
  LEAST_COHERENCE,
  LEAST_TURNS,
  MAY_FLIP,
  MOST_OWN_NOISE,
  MOST_PARTING,
  REACHED,
  STEADY_CHANGE,
  SURE_PARTING
} from "../../analysis/patterns/orbit/judgedLine.ts";
import {
  ANEW,
  AS_MUCH_ALONG,
  COMES_BACK,
  DIES_AWAY,
  FAR_OFF,
  FLAT_ELLIPSE,
  DIFFERS,
  FAIR_ERROR,
  FORESEEN,
  KICKED_OFF,
  OFF_CURVE,
  OFF_POINTS,
  PARTS,
  SEEN_OFTEN,
  SURE_ERROR,
  UNFORESEEN
} from "../../analysis/patterns/orbit/offCurve.ts";
import {LOUD} from "../../analysis/patterns/orbit/line.ts";
import {KICKED} from "../../analysis/patterns/orbit/phaseWalk.ts";
import {LEAST_PARTS, PARTS as KEPT_PARTS} from "../../analysis/patterns/orbit/keptAmplitude.ts";
import {DEEP} from "../../analysis/patterns/nulls/dyingSteps.ts";
import {FALLEN, IN_ORDER, QUICK} from "../../analysis/patterns/approach/heldDirections.ts";
import {LEAST_STILL, STOPS_IN} from "../../analysis/patterns/path/judgedRows.ts";
import {ON_CIRCLE, SAME_PERIOD, SAME_RATE, SHUTS} from "../../analysis/patterns/witness.ts";
import {GONE_ON, HARDLY, ROUNDED_ANEW} from "../../analysis/patterns/approach/slowPart.ts";
import {WANDERED} from "../../analysis/patterns/approach/wanders.ts";
import {MOST_POWER} from "../../analysis/patterns/approach/ways.ts";
import {MOST_SHARE} from "../../analysis/patterns/path/weights.ts";
import type {Trace} from "../../capture/trace/schema.ts";
import type {Patterns} from "../contract/contract.ts";
import {countText, numberText, shareText} from "./figureText.ts";
import type {MethodNote} from "../contract/reportData.ts";

/** What a measure is: from the record that curves, tables and pictures are made from. */
export function measureNote(key: MeasureKey): MethodNote {
  const {name, title, formula, about, source} = MEASURES[key];
  return {title: name[0].toUpperCase() + name.slice(1), formula, text: `${title}. ${about} ${source}.`};
}

/** How the states were measured, with the thresholds that the program used. */
export const stateNotes: readonly MethodNote[] = [
  ...CURVE_MEASURES.map(measureNote),
  {
    title: "Principal components",
    formula: null,
    text: "Fitted on the states of all tokens, initial states and steps together, in double precision; the largest entry of each axis is positive. In the rotations each trajectory is moved to its own mean over the steps, in the same basis. A picture in few dimensions is no evidence for a label."
  }
];

/** How trajectories got their labels. */
export function patternNotes(
  {alpha, nulls, precision, rounding_floor}: Pick<Patterns["summary"], "alpha" | "nulls" | "precision" | "rounding_floor">,
  whole = "run"
): MethodNote[] {
  return [
    {
      title: "Labels",
      formula: `q ≤ ${numberText(alpha)}`,
      text: `Each label is tested in full dimension; q is the Benjamini–Hochberg value over all trajectories of the ${whole}. “Unsettled” claims nothing. Nulls: converging against ${nulls.converging}; orbit against ${nulls.orbit}; slider against ${nulls.slider}.`
    },
    {
      title: "Converging",
      formula: "hₜ ≈ c + Re(z λᵗ), |λ| < 1",
      text: `An approach to one place, for which either of two things is evidence: one decaying eigenmode that stands out of a random walk, also without its first state; or steps that die away in an order that chance does not give, the sizes being in any order under the null, or their logarithm a random walk, whatever their distribution. Against that walk speak a fall beyond what the sizes at rest wander, or a course of the logarithms, a line that bends into a level, beyond what a walk seen through noise puts along it in any likely ratio of the two; of sizes that fall into rounding the steadiness of the fall, and that they stay down; no walk is what ends in a quarter of steps more than ${numberText(DEEP)} times shorter than its first. Sizes alone are no approach, since noise may calm down: the states’ directions from the end, and those of the steps, must not come anew every time, which their cosines, common to all pairs so many steps apart, are held against by F (above ${DEEP} times the noise of the end, of more than ${QUICK} states from the second on, since a first one may lie anywhere, or ${FALLEN} times in ${QUICK} steps each of which comes nearer, that is not asked), of what is common beyond what a short memory keeps: a share of a direction that lasts no longer than the path takes to fall by as much, or that neighbours and those two steps apart account for, is kept by noise that calms down, too. Modes that turn, each in a plane of its own, have no direction in common; of what comes nearer in an order that chance does not give it is evidence, too, that up to ${MOST_FUNCTIONS} functions of time, which go on by one linear map from step to step (Kung, Arun and Rao 1983), leave less of the first half of a path, or third, than the same number of them leaves of as many states of its end, each at the size of the one in its place (F): noise whose size falls is foreseen there as well, whatever its memory. They must leave ${numberText(END_UNFORESEEN)} of what directions that come anew would of the end, where what is foreseen is motion, and of the way no more than ${numberText(ROUGHER)} times the energy of the end’s noise, and all states of the way together must be no longer than ${numberText(ALL_SIDES)} of what they would be if all lay to one side of the end, as on ways without one; the states clear of the noise must come nearer in order, as below. Of an end of more than ${numberText(ROUNDING_FLOORS)} rounding floors, which a loop makes of rounding, the states clear of its noise must come nearer in an order that chance gives in ${shareText(IN_ORDER)} of cases at most: far states before noise do not, nor what rings and stops. A mode that stands out of the noise for a step or two, or whose beginning was chosen, must also go on in the direction in which it began; in few dimensions, where a direction says little, the states above the noise must lie to that side of its end, or of what turns to that side of its middle, to which its first one or two point; how surely they do bounds its p-value. A turning mode that does not stand out far enough is sought from later states on, too, where an angle that changes with the amplitude has settled. What it leaves that is no more than rounding lies in no fewer dimensions than rounding does, (Σ σ²)² / Σ σ⁴ of the coordinates that change, though a state that stands still repeats its error. Where it leaves far more along its own direction than along others, the way may go in jumps, of which the energy along a shape says nothing: their order must say it. A path known by its steps alone must have come from ${CAME_FAR} times the noise of its end, and unless it is foreseen ${CAME_CLOSE} times where it still comes closer, and ${CAME_HOME} times where the noise on its way is more than ${CALMED} times that of its end and the end more than rounding: what has become less there is motion, as a net’s that comes near to states among which it moves for ever; where that end lies in fewer than ${MOVES_IN} directions, as motion does and noise that remembers, which spreads less over a few states than over many, its second state must have been so far away, and ${DEEP} times where it no longer comes closer; of one that still moves at most ${shareText(MOST_AHEAD)} of the way may lie ahead. An approach needs an end: speeds that fall as t⁻ᵝ add up to no finite way for β up to 1, so along the direction of the motion the best way of speeds (1 + ξκt)^(−1/ξ) (Pickands 1975; exponential at ξ = 0, mixtures of exponentials between) with β = 1/ξ up to ${numberText(MOST_POWER)} is held against the best of all others by F, and only where it is worse, or the end is seen at rest (the last quarter goes on by less than such a way’s, by Student’s t), is anything converging: a label’s p-value is the larger of its evidence’s and ${numberText(UNLIKE)} of this F’s, which is that small no more than as often of ways without an end, times the states before it where it was chosen to begin late (beyond ${numberText(SURE_END)} nothing is claimed); the best of those of which ${shareText(1 - SURELY_BEHIND)} or more lies ahead must be worse, too. A single mode that does not account for that way has quicker motion beside it: a decay may stand beside both, then. Nor may a later part go on along such a way, by more than ${shareText(HARDLY)} of the way from its middle, where the claimed decay would have left it at rest, nor anything go on beside the approach: where, over all directions, a quick decay and a way without an end, each in a direction of its own, account for more than what is claimed, more than any quick decay alone, surely more than noise, rounding and kicks that the loop forgets at the claimed rate would (F; rounding holds a loop up many floors from its end only where its last states hardly differ, by less than ${numberText(ROUNDED_ANEW)} of its energy), and go on in the last half by more than ${shareText(GONE_ON)} of the way, a way with an end in that one’s place must account for it better (p as above): a slow slide, or what follows a target that moves, is known by it. An approach that begins late, and goes on in the direction in which the path went before it by ${numberText(WENT_BEFORE)} of its way or more, not as far back, and by ${numberText(SAME_WAY)} of all that it went, is held against such ways as a whole, too: what is quicker and slower by turns comes to no end whenever it is slow. From where the way should be over, or half of the path is, it must not wander: along half a wave and a whole one, beside the decay that is claimed and a slower one, by more than ${shareText(WANDERED)} of its way and surely more than noise (F); what follows a walk comes near and walks on. An approach may begin late, and has the rate of the mode that carries ${shareText(CARRIED)} of the distance or more from there on. The rate |λ| is that of one eigenmode where one accounts for the window down to its noise, else the slope of ln ‖hₜ₊₂ − hₜ‖ over the leading steps above ${FLOORS_TRIED[0]} floors (down to ${numberText(FLOORS_TRIED.at(-1)!)} where few are); a 95 % interval is given only where one mode accounts for the way from its beginning, leaves more than rounding and shows no other along its direction or beside it, where noise and kicks that a loop keeps as much of may stand (a repeated mode, terms of higher order), and where its upper end, too, would make a label; else the rate stands alone, and the label’s evidence says why (no_interval). Two modes of nearly the same rate look like one at their mean: the noise may hide a variance v of rates, and the slower, if it is no smaller than the other, lies within √v. The interval takes in the largest v that the window allows, so that it holds beside such a mode (a Jordan block’s small second part) and it is conservative: of one mode it holds in 99 to 100 % and is, of a decay that does not turn, about 6, 12 and 27 times as wide at 5, 20 and 100 times the noise as noise alone would make it, since the same states come of one mode and of two, and a narrower one would fail of two (with two thirds of that reach for noise it holds in 82 % beside a Jordan block’s part of 0.05). The 95 % interval of exactly one mode, of noise alone (Student’s with the noise along the motion, and with what finding the motion’s directions from the same states adds), is the evidence’s one_mode_ci. A loop that is kicked alike at every step is one mode, too: its rate is that of each state regressed on the one before. What turns is held against a walk that turns along, since the amplitude of a resonance that noise keeps going falls for a while as readily as it rises. A path on a sphere is looked at on the plane that touches it where the path ends, so that its bend is not taken for a second mode, and the interval is widened by what the bend can still do. What turns and may not fall does not converge, unless it is less than the noise about it and than ${numberText(RINGING)} of the way from the first state, as what a lightly damped loop rings with when noise or rounding strikes it, or is over: the last half of the approach, at most a quarter of the path, spreads by less than ${numberText(OVER)} of its amplitude, as after chaos that came before; nor does a path whose last steps, ${numberText(LAST_STEPS)} or more, are all longer than as many before them as make ${numberText(IN_ALL)} with them, ${numberText(LAST_STEPS)} at least, all since it set out for its end, in the median by ${numberText(MOVES_AGAIN)} times or more, and as much longer than those of rounding, since it moves on again, as from a saddle or into unrest; nor what flips by more than ${numberText(MAY_FLIP.bfloat16)} rounding floors of a 16-bit format. Rounding alone can hold an oscillation up: a loop that rounds at every step may go on for ever in a limit cycle of up to half a unit of every coordinate over 1 − |λ| (the dead band of recursive filters, Jackson 1969), so a path that fell into its oscillation from ${FELL_FROM} times its amplitude or more, evenly and along the same directions, comes to rest where that amplitude is at most ${DEAD_BAND} rounding floors over 1 − the rate of the fall, and is no orbit. Settled: from the first step on from which the path stays within ${SETTLED_FLOORS} floors of the mean of its last ${shareText(TAIL_SHARE)}. A path that spreads no further than ${RESTING_FLOORS} rounding floors, and was never ${CAME_FAR} from its end, has not been seen to approach anything, and has no label.`
    },
    {
      title: "Slider",
      formula: "hₜ ≈ c + t v, or an arc",
      text: `Motion along a line or an arc to the last step, of at least ${LEAST_RATIO} times the energy that a random walk fitted to the rest of the path would show there, and more than walks whose steps remember those before, for up to ${shareText(LONGEST_MEMORY)} of the path, would show by chance: of the memories and sizes of noise that account for the rest nearly as well as the best the p-value is the largest, of all directions together and of the motion’s own; what goes the same way for longer cannot be told from a direction. Steady: the lower end of the speed’s interval keeps ${shareText(KEPT_SPEED)} over the window, and the last third is within ${numberText(STEADY)} to ${numberText(1 / STEADY)} times as fast as the first; a speed that surely loses more than ${shareText(LOST_SPEED)} is no slider’s, but where it also rises and varies by at most ${shareText(MOST_VARIATION)} about its middle (a slider of uneven speed). A rise is sure from 5 standard errors on, those of the noise along the motion and of the scatter across it, whose energy is taken off. A motion that winds so far that only its parts show its speed must not vary by more, either. What has come round by ${numberText(ROUND)} of a turn is none, nor what a longer window shows to be part of a smaller circle. The chord is at least ${shareText(STRAIGHT)} of the arc unless the arc is a great circle.`
    },
    {
      title: "Orbit",
      formula: "hₜ ≈ c + Re(z e^{iωt})",
      text: `A spectral line in the later part of a path, at least ${LEAST_TURNS} turns of it, ${FAINT_RATIO} times its neighbourhood or more, in the same plane in both halves of the window (coherence from ${LEAST_COHERENCE}), whose amplitude changes by at most ${shareText(STEADY_CHANGE)} (by more on the way to a cycle, where the lesser of its last value and what a geometric approach would come to is ${numberText(REACHED)} of the other) and whose centre moves by at most ${numberText(IN_PLACE)} radii over the window (what recurs beside a trend only, as on a stair or a helix, comes back to no state). What comes next must follow from where it is (Kaplan and Glass 1992; Wayland et al. 1993): states that lie near one another, with the ones before them, half a turn or more apart in time, part by at most ${numberText(MOST_PARTING)} of what any two states are apart while they go on for half a turn; noise, jumps at times of their own and resonances of short memory part by about all of it. Levels that are left after so many steps part, too, since no state knows how many have gone: they come round where the squared distance of states a whole number of steps, the period, apart, and of those two apart, is at most ${numberText(COMES_ROUND)} of that of any two. States that have nothing to do with one another and come round so, and not a step earlier or later, ${numberText(COMB_TURNS)} times or more in one of the longest windows, have no line that stands out, but as much at every multiple of its frequency: all multiples together, a comb, are held against what lies beside them; what they leave must be rounding or noise, in effective dimensions of ${numberText(NOISE_SHARE)} times the states, and may not part from its neighbours over a turn and two. Where they part by more than ${numberText(SURE_PARTING)}, noise in the orbit’s own plane, of what no closed curve of its period accounts for, is at most ${numberText(MOST_OWN_NOISE)} of its amplitude: noise of all directions has little there. Chaos keeps time too, and comes back to no state. So where more than ${numberText(OFF_CURVE)} of the amplitude lies off its closed curve, across it in its own plane (anywhere in that plane where the curve is flatter than about three to one, ${numberText(FLAT_ELLIPSE)} of its half axes’ product over the sum of their squares; of a whole period ${numberText(OFF_POINTS)} off its points), that must be noise or come back as it was: noise differs from its neighbour’s a step or two on as much as from anything (${numberText(FORESEEN)} of that at least, 3 standard errors below what was found, which are no more than ${numberText(SURE_ERROR)}; few states show of noise in few directions neither, and then it is no orbit, unless the path has fewer than ${FEW_DIRECTIONS / SPANNED} directions for it: there it is noise where it is at most ${numberText(KICKED_OFF)} of the amplitude and ${numberText(AS_MUCH_ALONG)} times as much in the plane as across the curve, differs by ${numberText(DIFFERS)} at least, with a standard error of ${numberText(FAIR_ERROR)} at most, and a regression on the two states before foresees no more than ${shareText(UNFORESEEN)} of it, each state left out in turn (Allen 1974); nor less than as much as from anything by more than 2 standard errors a step on, which is foreseen); on a curve with corners neighbours are as near after a turn and two as they were, to ${shareText(COMES_BACK)}, which counts up to ${numberText(FAR_OFF)} of the amplitude: farther off it comes by chance. Nor may what is off the curve by less be foreseen for a step while neighbours part, by ${numberText(PARTS)} times in their squares over a turn and two (Lyapunov’s exponents; Wolf et al. 1985). Neither is asked where what is off the curve (of a whole period what a turn changes) falls in an order that chance gives in ${numberText(DIES_AWAY)} of cases at most and neighbours come nearer over a turn and two, the way to a cycle; nor of a whole period seen ${SEEN_OFTEN} times or more whose states are off its points by ${numberText(KICKED_OFF)} at most in other directions every time, as where rounding strikes it now and then: a step and two after neighbours these agree by no more than ${numberText(ANEW)}, of chaos mostly by 0.5 to 1. However little it is, what is off the curve may not be a motion of its own: in few directions (fewer effective dimensions than ${FEW_DIRECTIONS}, or ${numberText(FEW_PER_STATE)} of the states, and than ${numberText(SPANNED)} of the directions in which it is at all, since in few coordinates all noise is in few), more than ${numberText(IN_PLANE)} of it, root mean square, across the curve in the orbit’s own plane, with more than ${numberText(LASTS)} of its energy in the first third of the window left in the last, and coming again after no whole number of steps that is seen three times (${numberText(COMES_AGAIN)} of its squared distances by chance). Noise of all directions is in many, noise of few has little in that plane, and the way to a cycle dies away. The rate is what it keeps at each step, its 95 % interval, given from ${LEAST_PARTS} turns on, from how the amplitudes of ${LEAST_PARTS} to ${KEPT_PARTS} parts of the window scatter about a line, and where they bend also what the end of a parabola keeps. The period need not be whole, and is that after which the curve closes: more turns of its line where what one turn leaves, of ${numberText(1 / FAINT_OVERTONE)} of the line’s energy at least, comes round only then (of turns of no whole number of steps by ${numberText(CLOSES_LATER)} of its correlation more than after any fewer); other lines of the curve, ${LOUD} times the noise or more, are fitted beside the one that tells it; its 95 % interval takes the phase for a random walk of kicks beneath the noise of the states, with every size of kick weighed by its likelihood and by a prior that has most of its weight at none, and ${numberText(KICKED)} of that at a doubling about where they move the period as much as the noise does (a Kalman filter; restricted likelihood, Harville 1974): it takes in kicks that the noise hides, and is two to four times as wide for them where there are none. That of noise alone, for a loop that is known not to be kicked, is the evidence’s steady_ci. None is given of a flip, which has no phase to fit, and where few states are left to see kicks in (no_interval says so).`
    },
    {
      title: "What is judged",
      formula: null,
      text: `Rows at the end that are equal bit for bit, ${LEAST_STILL} or more, or two where more than half of the coordinates, ${STOPS_IN} at least, moved by the step before and no two rows in a row were equal there, are left out but for the first, and that too where all its coordinates are one number, as in a buffer that was never written to: how a path came there is seen before them. They are rest, and kept, where ${FEW_STATES} states or fewer came before them, the last of which moved by no more than ${numberText(RESTING_FLOORS)} rounding floors of a state: such a path came to stand by itself, and was not frozen on its way. Rows that equal the first bit for bit, as many, are left out but for the last, and that too where a buffer was filled late, two rows or more of one number. A trajectory whose numbers are not all finite has no label. A coordinate whose noise, by what nine in ten of its differences are less than in the quieter half of the path, is much louder than the others’ is scaled down until it brings at most ${shareText(MOST_SHARE)} of theirs; one that never changes has no rounding floor, and no part in the spheres and great circles that paths are held against. Of more than ${MOST_STATES} states the last ${MOST_STATES} are tested for orbits and drifts, those about the settling step for an approach.`
    },
    {
      title: "Noise floor",
      formula: "√(Σ ulp(h_k)² / 12)",
      text: `The rounding floor of one state is what rounding to ${precision} adds to it${rounding_floor === null ? "" : `, here ${numberText(rounding_floor)} of its norm`}; the loop amplifies it. The noise floor of a trajectory is what is left of a state when the described motion is taken away, over its norm; rates, settling and periods are taken above it. A run’s is the median over the labelled trajectories: where none has a label, no motion was taken away, and what is left is the motion itself.`
    }
  ];
}

/** How labels are controlled and counted over a census; `alpha` is the largest q that is a label. */
export const censusNotes = (alpha: number): MethodNote[] => [
  {
    title: "False discoveries over a census",
    formula: `q ≤ ${numberText(alpha)}`,
    text: `q is Benjamini and Hochberg’s (1995) over all trajectories of the census, not over a run’s: of the labels that claim something at most a share of ${numberText(alpha)} is expected to be false. The expected number is that share of their count; it is a bound for the mean over repetitions, not for this census.`
  },
  {
    title: "Intervals of shares",
    formula: "Wilson over n / deff",
    text: "The tokens of one prompt are not independent of one another. The share’s variance is the ratio estimator’s between prompts (Cochran 1977, 11.7); beside a binomial’s it gives an effective number of trajectories, over which Wilson’s 95 % interval is taken (Korn and Graubard 1998). Where a label was never found, or always, each prompt counts as one trajectory."
  },
  {
    title: "Associations",
    formula: "OR = (a / b) / (c / d)",
    text: "The odds of a label within a group of tokens (a text, a class of characters, a place in the prompt) over those of all others. The 95 % interval is that of the logarithm, linearised with prompts as clusters (Binder 1983), never narrower than Woolf’s; p is Fisher’s exact test, two-sided, which takes trajectories for independent; q is Benjamini and Hochberg’s over the table. Where an interval and a q disagree, the interval knows of the prompts."
  },
  {
    title: "Published classes",
    formula: "cos(hₜ, h_T), τ = 0.05, ρ = 0.9",
    text: "The classes of Blayney et al. (2026), by the cosine of every state to the last one. They are not tested against anything, and stand beside the labels for comparison."
  }
];

/** How path independence was measured. */
export const pathNotes = (tolerance?: number): MethodNote[] => [
  {
    title: "Gap between initial states",
    formula: MEASURES.gap.formula,
    text: `Per token and step. The contraction rate is the exponential of the mean slope of the log gap, over the leading steps above ${FLOORS_ABOVE} floors, their first half left out as transient; its 95 % interval is one of the step’s leading eigenvalue where the starts come to: it resamples initial states, takes in the change of the slope from the first half of its window to the second, and upwards modes of nearly the leading modulus that are not yet gone, by which a gap falls quicker as (t + 1)^−${SPECTRUM_POWER} at most (the edge of Wigner’s semicircle; −½ by the circular law). A mode that starts hardly excite is in neither; the spectrum gives it. It need not be the rate of a single path, and neither is stated as the other: a mode that all starts excite alike would cancel in the gap and stay in the path. That is a reading, not a test.`
  },
  {
    title: "One attractor",
    formula: `distance ≤ ${shareText(samePlaceWithin({floor: 0, tolerance}))}`,
    text: "Final states are compared over the last steps of the run: in one place, or on one cycle at another phase, counts as one attractor. Independent: all starts reached one. Dependent: more than one. Unfinished: one was reached, but some starts were still closing in."
  },
  {
    title: "Asymptotic alignment",
    formula: "AA = mean cos(zᵢ, yₘ)",
    text: `Mean cosine between final states from the model’s own starts and those from elsewhere: noise with the input’s spread, or another prompt’s final state (Anil et al. 2022). Above ${numberText(ALIGNED_ABOVE)} counts as path-independent in published tables. Answers count as one at a divergence of at most ${numberText(SAME_ANSWER_NATS)} nats.`
  }
];

/** What the sequence is where its tokens are more than memory holds at once. */
export const sampledNote = (sampled: number, of: number): MethodNote => ({
  title: "The sequence",
  formula: `${sampled} of ${of} tokens`,
  text: "Path independence of the sequence is that of evenly spaced tokens of it taken as one vector: all of them are more than is held in memory at once. Every token by itself is tested."
});

/** What is no part of path independence, since its numbers are not finite. */
export const leftOutNote = ({tokens, inits}: {readonly tokens: number; readonly inits: number}): MethodNote => ({
  title: "Left out of path independence",
  formula: `${countText(tokens, "token")}, ${countText(inits, "initial state")}`,
  text: "Initial states that are finite at no token, and tokens that are not finite from each of the others. The labels say from which step."
});

/** How the spectrum was computed. */
export const spectrumNote: MethodNote = {
  title: "Spectrum",
  formula: "∂hₜ₊₁ / ∂hₜ",
  text: "Leading eigenvalues of the core step’s Jacobian at the last state, by Arnoldi iteration over exact Jacobian-vector products. A token’s block is the derivative of its own next state with the other tokens held; the sequence is the whole recurrence."
};

/** How the spectrum is held against the labels. */
export const witnessNote: MethodNote = {
  title: "Witness",
  formula: "max |λ| over the blocks of the tokens up to one’s own; of an orbit, max |μ| of J(h_T₋₁) ⋯ J(h_T₋ₚ)",
  text: `The spectrum knows the model and not the path, so that it can bear a label out or speak against it; no label rests on it. Where attention is causal, a token’s next state depends on the states up to its own, and the eigenvalues of all their blocks count; where it is not, the whole sequence’s. Converging: agrees inside the unit circle, where the modulus is not smaller than the measured rate by more than ${numberText(SAME_RATE)}; disagrees beyond ${numberText(1 + ON_CIRCLE)}, where the point repels. Slider: agrees with an eigenvalue within ${numberText(ON_CIRCLE)} of +1; disagrees where all are below ${numberText(1 - ON_CIRCLE)}. Orbit: the derivative of one step on a cycle is not the cycle’s own, and so the product of the step’s Jacobians over the last turn is asked for its eigenvalues, the Floquet multipliers μ; of a period that is no whole number of steps, over as many turns as are whole. Agrees where max |μ| < ${numberText(1 - ON_CIRCLE)} and the cycle that it leads to lies within ${numberText(SHUTS)} of the orbit’s radius, by |μ| / (1 − |μ|) times the distance between the turn’s ends; or where max |μ| is within ${numberText(ON_CIRCLE)} of 1 and the ends are as near. Disagrees beyond ${numberText(1 + ON_CIRCLE)}: the cycle repels. Where no number of turns is whole, one step alone is asked: agrees with an eigenvalue above ${numberText(1 - ON_CIRCLE)} whose angle turns once in the measured period, within ${shareText(SAME_PERIOD)}, and never disagrees.`
};

/** How states were read out, and what is told of a readout. */
export const readoutNotes = (readout: NonNullable<Trace["readout"]>): MethodNote[] => [
  lensNote(readout),
  ...READOUT_MEASURES.map(measureNote)
];

const lensNote = ({lens, formula}: NonNullable<Trace["readout"]>): MethodNote => ({
  title: `${lens.charAt(0).toUpperCase()}${lens.slice(1)} lens`,
  formula: formula ?? `softmax(head(${lens}(hₜ)))`,
  text: "What the model would say were the loop to end at that step."
});
