import {COMES_AGAIN, FEW_DIRECTIONS, FEW_PER_STATE, IN_PLANE, SPANNED} from "../../../analysis/patterns/orbit/besideCurve.ts";
import {CLOSES_LATER, FAINT_OVERTONE, LASTS} from "../../../analysis/patterns/orbit/closure.ts";
import {COMB_TURNS, NOISE_SHARE} from "../../../analysis/patterns/orbit/comb.ts";
import {COMES_ROUND} from "../../../analysis/patterns/orbit/determinism.ts";
import {
  FAINT_RATIO,
  IN_PLACE,
  LEAST_COHERENCE,
  LEAST_TURNS,
  MOST_OWN_NOISE,
  MOST_PARTING,
  REACHED,
  STEADY_CHANGE,
  SURE_PARTING
} from "../../../analysis/patterns/orbit/judgedLine.ts";
import {KICKED_P, KICKED_SHARE} from "../../../analysis/patterns/orbit/keptGoing.ts";
import {LEAST_PARTS, PARTS as KEPT_PARTS} from "../../../analysis/patterns/orbit/keptAmplitude.ts";
import {LOUD} from "../../../analysis/patterns/orbit/line.ts";
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
} from "../../../analysis/patterns/orbit/offCurve.ts";
import {KICKED} from "../../../analysis/patterns/orbit/phaseWalk.ts";
import type {MethodNote} from "../../contract/reportData.ts";
import {numberText, shareText} from "../figureText.ts";

export const orbitNote: MethodNote = {
  title: "Orbit",
  formula: "hₜ ≈ c + Re(z e^{iωt})",
  text: "A path that comes round: a spectral line stands out, what comes next follows from where it is, and it keeps to a closed curve.",
  parts: [
    {
      title: "Evidence for",
      points: [
        `A spectral line in the later part of a path, at least ${LEAST_TURNS} turns of it, ${FAINT_RATIO} times its neighbourhood or more, in the same plane in both halves of the window (coherence from ${LEAST_COHERENCE}).`,
        `Its amplitude changes by at most ${shareText(STEADY_CHANGE)}; by more on the way to a cycle, where the lesser of its last value and what a geometric approach would come to is ${numberText(REACHED)} of the other.`,
        `Its centre moves by at most ${numberText(IN_PLACE)} radii over the window: what recurs beside a trend only, as on a stair or a helix, comes back to no state.`
      ]
    },
    {
      title: "What comes next",
      points: [
        `What comes next must follow from where it is (Kaplan and Glass 1992; Wayland et al. 1993): states that lie near one another, with the ones before them, half a turn or more apart in time, part by at most ${numberText(MOST_PARTING)} of what any two states are apart while they go on for half a turn. Noise, jumps at times of their own and resonances of short memory part by about all of it.`,
        `Where they part by more than ${numberText(SURE_PARTING)}, noise in the orbit’s own plane, of what no closed curve of its period accounts for, is at most ${numberText(MOST_OWN_NOISE)} of its amplitude: noise of all directions has little there.`,
        `Levels that are left after so many steps part, too, since no state knows how many have gone. They come round where the squared distance of states a whole number of steps, the period, apart, and of those two apart, is at most ${numberText(COMES_ROUND)} of that of any two.`
      ]
    },
    {
      title: "Without one line",
      points: [
        `States that have nothing to do with one another and come round so, and not a step earlier or later, ${numberText(COMB_TURNS)} times or more in one of the longest windows, have no line that stands out, but as much at every multiple of its frequency: all multiples together, a comb, are held against what lies beside them.`,
        `What they leave must be rounding or noise, in effective dimensions of ${numberText(NOISE_SHARE)} times the states, and may not part from its neighbours over a turn and two.`
      ]
    },
    {
      title: "A closed curve",
      points: [
        `Chaos keeps time too, and comes back to no state. So where more than ${numberText(OFF_CURVE)} of the amplitude lies off its closed curve, across it in its own plane, that must be noise or come back as it was.`,
        `Where the curve is flatter than about three to one (${numberText(FLAT_ELLIPSE)} of its half axes’ product over the sum of their squares), anywhere in that plane is off it; of a whole period ${numberText(OFF_POINTS)} off its points is what counts.`,
        `It is noise where it differs from its neighbour’s a step or two on as much as from anything: ${numberText(FORESEEN)} of that at least, 3 standard errors below what was found, which are no more than ${numberText(SURE_ERROR)}; nor less than as much as from anything by more than 2 standard errors a step on, which is foreseen.`,
        `Few states show of noise in few directions neither, and then it is no orbit, unless the path has fewer than ${FEW_DIRECTIONS / SPANNED} directions for it: there it is noise where it is at most ${numberText(KICKED_OFF)} of the amplitude and ${numberText(AS_MUCH_ALONG)} times as much in the plane as across the curve, differs by ${numberText(DIFFERS)} at least, with a standard error of ${numberText(FAIR_ERROR)} at most, and a regression on the two states before foresees no more than ${shareText(UNFORESEEN)} of it, each state left out in turn (Allen 1974).`,
        `It comes back as it was on a curve with corners: neighbours are as near after a turn and two as they were, to ${shareText(COMES_BACK)}, which counts up to ${numberText(FAR_OFF)} of the amplitude; farther off it comes by chance.`,
        `What is off the curve by less may not be foreseen for a step while neighbours part, by ${numberText(PARTS)} times in their squares over a turn and two (Lyapunov’s exponents; Wolf et al. 1985).`
      ]
    },
    {
      title: "Where that is not asked",
      points: [
        `On the way to a cycle: what is off the curve (of a whole period what a turn changes) falls in an order that chance gives in ${numberText(DIES_AWAY)} of cases at most and neighbours come nearer over a turn and two.`,
        `Of a whole period seen ${SEEN_OFTEN} times or more whose states are off its points by ${numberText(KICKED_OFF)} at most in other directions every time, as where rounding strikes it now and then: a step and two after neighbours these agree by no more than ${numberText(ANEW)}, of chaos mostly by 0.5 to 1.`
      ]
    },
    {
      title: "What speaks against it",
      points: [
        `However little it is, what is off the curve may not be a motion of its own: in few directions, more than ${numberText(IN_PLANE)} of it, root mean square, across the curve in the orbit’s own plane, with more than ${numberText(LASTS)} of its energy in the first third of the window left in the last, and coming again after no whole number of steps that is seen three times (${numberText(COMES_AGAIN)} of its squared distances by chance).`,
        `Few directions are fewer effective dimensions than ${FEW_DIRECTIONS}, or ${numberText(FEW_PER_STATE)} of the states, and than ${numberText(SPANNED)} of the directions in which it is at all, since in few coordinates all noise is in few.`,
        "Noise of all directions is in many, noise of few has little in that plane, and the way to a cycle dies away.",
        `A resonance that noise keeps going turns in fresh directions all the time, so that its energy falls off slowly beside its frequency (an autoregression of second order; Priestley 1981): it is no orbit where ${shareText(KICKED_SHARE)} of the line’s energy or more lies next to its frequency out of its plane, so much more than farther off that noise alike at all frequencies has it in ${numberText(KICKED_P)} of cases at most (F), in no few directions, as where its plane turns.`
      ]
    },
    {
      title: "Off its curve",
      points: [
        "How far the states lie from the closed curve in the plane of its turn, root mean square per degree of freedom, over its radius there: across the curve, or of a whole period from its points (off_curve). It is what noise, a change of radius or chaos does to its returns, and the size to ask for where an orbit must be close."
      ]
    },
    {
      title: "Rate",
      points: [
        `The rate is what the orbit keeps at each step. Its 95 % interval, given from ${LEAST_PARTS} turns on, is from how the amplitudes of ${LEAST_PARTS} to ${KEPT_PARTS} parts of the window scatter about a line, and where they bend also what the end of a parabola keeps.`
      ]
    },
    {
      title: "Period",
      points: [
        `The period need not be whole, and is that after which the curve closes: more turns of its line where what one turn leaves, of ${numberText(1 / FAINT_OVERTONE)} of the line’s energy at least, comes round only then (of turns of no whole number of steps by ${numberText(CLOSES_LATER)} of its correlation more than after any fewer).`,
        `Other lines of the curve, ${LOUD} times the noise or more, are fitted beside the one that tells it.`
      ]
    },
    {
      title: "Interval of the period",
      points: [
        `The 95 % interval takes the phase for a random walk of kicks beneath the noise of the states, with every size of kick weighed by its likelihood and by a prior that has most of its weight at none, and ${numberText(KICKED)} of that at a doubling about where they move the period as much as the noise does (a Kalman filter; restricted likelihood, Harville 1974).`,
        "It takes in kicks that the noise hides, and is two to four times as wide for them where there are none. That of noise alone, for a loop that is known not to be kicked, is the evidence’s steady_ci.",
        "None is given of a flip, which has no phase to fit, and where few states are left to see kicks in (no_interval says so)."
      ]
    }
  ]
};
