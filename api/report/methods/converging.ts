import {CARRIED} from "../../../analysis/patterns/approach/approaches.ts";
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
} from "../../../analysis/patterns/approach/contraction.ts";
import {FLOORS_TRIED} from "../../../analysis/patterns/approach/displacementSlope.ts";
import {SAME_WAY, SURELY_BEHIND, SURE_END, UNLIKE, WENT_BEFORE} from "../../../analysis/patterns/approach/endless.ts";
import {ALL_SIDES, END_UNFORESEEN, MOST_FUNCTIONS, ROUGHER} from "../../../analysis/patterns/approach/foreseen.ts";
import {FALLEN, IN_ORDER, QUICK} from "../../../analysis/patterns/approach/heldDirections.ts";
import {IN_ALL, LAST_STEPS, MOVES_AGAIN} from "../../../analysis/patterns/approach/leaving.ts";
import {LEAST_FROM_FAR, LEAST_TURNING} from "../../../analysis/patterns/approach/singleMode.ts";
import {GONE_ON, HARDLY, ROUNDED_ANEW} from "../../../analysis/patterns/approach/slowPart.ts";
import {WANDERED} from "../../../analysis/patterns/approach/wanders.ts";
import {MOST_POWER} from "../../../analysis/patterns/approach/ways.ts";
import {OVER, RINGING} from "../../../analysis/patterns/contradictions.ts";
import {DEEP} from "../../../analysis/patterns/nulls/dyingSteps.ts";
import {DEAD_BAND, FELL_FROM} from "../../../analysis/patterns/orbit/heldByRounding.ts";
import {MAY_FLIP} from "../../../analysis/patterns/orbit/judgedLine.ts";
import type {MethodNote} from "../../contract/reportData.ts";
import {numberText, shareText} from "../figureText.ts";

export const convergingNote: MethodNote = {
  title: "Converging",
  formula: "hₜ ≈ c + Re(z λᵗ), |λ| < 1",
  text: "An approach to one place: the path comes nearer as chance would not have it, its way has an end, and nothing goes on there.",
  parts: [
    {
      title: "Evidence for",
      points: [
        "Either of two things is evidence: one decaying eigenmode that stands out of a random walk, also without its first state; or steps that die away in an order that chance does not give.",
        "Of steps the null is that their sizes come in any order, or that their logarithm is a random walk, whatever their distribution.",
        "Against that walk speak a fall beyond what the sizes at rest wander, or a course of the logarithms, a line that bends into a level, beyond what a walk seen through noise puts along it in any likely ratio of the two; of sizes that fall into rounding the steadiness of the fall, and that they stay down.",
        `Jumps may come more rarely and stop, which says nothing of their sizes: unless p of the order is below ${numberText(MANY_IN_ORDER)}, the steps clear of those at rest must come in order among themselves, too, as chance gives it in ${shareText(NO_JUMPS)} of cases at most (four in order once in 24 times).`,
        `What ends in a quarter of steps more than ${numberText(DEEP)} times shorter than its first is no walk.`,
        `An approach may begin late, and has the rate of the mode that carries ${shareText(CARRIED)} of the distance or more from there on.`
      ]
    },
    {
      title: "Directions",
      points: [
        "Sizes alone are no approach, since noise may calm down: the states’ directions from the end, and those of the steps, must not come anew every time, which their cosines, common to all pairs so many steps apart, are held against by F.",
        "Only what is common beyond what a short memory keeps counts: a share of a direction that lasts no longer than the path takes to fall by as much, or that neighbours and those two steps apart account for, is kept by noise that calms down, too.",
        `That is not asked above ${DEEP} times the noise of the end (of more than ${QUICK} states from the second on, since a first one may lie anywhere), or ${FALLEN} times in ${QUICK} steps each of which comes nearer.`,
        "A mode that stands out of the noise for a step or two, or whose beginning was chosen, must also go on in the direction in which it began. In few dimensions, where a direction says little, the states above the noise must lie to that side of its end, or of what turns to that side of its middle, to which its first one or two point; how surely they do bounds its p-value.",
        "Where a mode leaves far more along its own direction than along others, the way may go in jumps, of which the energy along a shape says nothing: their order must say it."
      ]
    },
    {
      title: "Modes that turn",
      points: [
        `Modes that turn, each in a plane of its own, have no direction in common. Of what comes nearer in an order that chance does not give it is evidence, too, that up to ${MOST_FUNCTIONS} functions of time, which go on by one linear map from step to step (Kung, Arun and Rao 1983), leave less of the first half of a path, or third, than the same number of them leaves of as many states of its end, each at the size of the one in its place (F). Noise whose size falls is foreseen there as well, whatever its memory.`,
        `Of the end they must leave ${numberText(END_UNFORESEEN)} of what directions that come anew would, since what is foreseen there is motion; of the way no more than ${numberText(ROUGHER)} times the energy of the end’s noise.`,
        `All states of the way together must be no longer than ${numberText(ALL_SIDES)} of what they would be if all lay to one side of the end, as on ways without one. Those clear of the noise must come nearer in order (see Noise at the end).`,
        "A turning mode that does not stand out far enough is sought from later states on, too, where an angle that changes with the amplitude has settled.",
        `One that begins late, where it is far from its end, must stand out of the noise for ${LEAST_TURNING} steps, one that does not turn for ${LEAST_FROM_FAR}: a spiral can be laid through any two states, and its angle and rate through two more.`,
        "What turns is held against a walk that turns along, since the amplitude of a resonance that noise keeps going falls for a while as readily as it rises."
      ]
    },
    {
      title: "Noise at the end",
      points: [
        `A loop makes up to ${numberText(ROUNDING_FLOORS)} rounding floors of rounding. Of an end of more the states clear of its noise must come nearer in an order that chance gives in ${shareText(IN_ORDER)} of cases at most: far states before noise do not, nor what rings and stops.`,
        "What a mode leaves that is no more than rounding lies in no fewer dimensions than rounding does, (Σ σ²)² / Σ σ⁴ of the coordinates that change, though a state that stands still repeats its error.",
        `A path known by its steps alone must have come from ${CAME_FAR} times the noise of its end. Unless it is foreseen, it must have come from ${CAME_CLOSE} times where it still comes closer, and from ${CAME_HOME} times where the noise on its way is more than ${CALMED} times that of its end and the end more than rounding: what has become less there is motion, as a net’s that comes near to states among which it moves for ever.`,
        `An end of no more than ${RESTING_FLOORS} rounding floors hides what is less: there it must have come from ${CAME_HOME} times as far, too. Of an end that is motion, which remembers where it was, p may be ${numberText(CALMED_BY_CHANCE)} at most.`,
        `Where that end lies in fewer than ${MOVES_IN} directions, as motion does, and noise that remembers, which spreads less over a few states than over many, its second state must have been so far away, and ${DEEP} times where it no longer comes closer.`,
        `Of a path that still moves at most ${shareText(MOST_AHEAD)} of the way may lie ahead.`,
        `A path that spreads no further than ${RESTING_FLOORS} rounding floors, and was never ${CAME_FAR} from its end, has not been seen to approach anything, and has no label.`
      ]
    },
    {
      title: "An end of the way",
      points: [
        `An approach needs an end: speeds that fall as t⁻ᵝ add up to no finite way for β up to 1. So along the direction of the motion the best way of speeds (1 + ξκt)^(−1/ξ) (Pickands 1975; exponential at ξ = 0, mixtures of exponentials between) with β = 1/ξ up to ${numberText(MOST_POWER)} is held against the best of all others by F.`,
        `Only where it is worse, or the end is seen at rest (the last quarter goes on by less than such a way’s, by Student’s t), is anything converging. The best of those of which ${shareText(1 - SURELY_BEHIND)} or more lies ahead must be worse, too.`,
        `A label’s p-value is the larger of its evidence’s and ${numberText(UNLIKE)} of this F’s, which is that small no more than as often of ways without an end, times the states before it where it was chosen to begin late. Beyond ${numberText(SURE_END)} nothing is claimed.`,
        "A single mode that does not account for that way has quicker motion beside it: a decay may stand beside both, then.",
        `An approach that begins late, and goes on in the direction in which the path went before it by ${numberText(WENT_BEFORE)} of its way or more, not as far back, and by ${numberText(SAME_WAY)} of all that it went, is held against such ways as a whole, too: what is quicker and slower by turns comes to no end whenever it is slow.`
      ]
    },
    {
      title: "Motion beside it",
      points: [
        `No later part may go on along a way without an end, by more than ${shareText(HARDLY)} of the way from its middle, where the claimed decay would have left it at rest.`,
        `Nor may anything go on beside the approach. Where, over all directions, a quick decay and a way without an end, each in a direction of its own, account for more than what is claimed, more than any quick decay alone, surely more than noise, rounding and kicks that the loop forgets at the claimed rate would (F), and go on in the last half by more than ${shareText(GONE_ON)} of the way, a way with an end in that one’s place must account for it better (p as for the end of the way). A slow slide, or what follows a target that moves, is known by it.`,
        `Rounding holds a loop up many floors from its end only where its last states hardly differ, by less than ${numberText(ROUNDED_ANEW)} of its energy.`,
        `From where the way should be over, or half of the path is, it must not wander: along half a wave and a whole one, beside the decay that is claimed and a slower one, by more than ${shareText(WANDERED)} of its way and surely more than noise (F). What follows a walk comes near and walks on.`
      ]
    },
    {
      title: "What speaks against it",
      points: [
        `What turns and may not fall does not converge, unless it is less than the noise about it and than ${numberText(RINGING)} of the way from the first state, as what a lightly damped loop rings with when noise or rounding strikes it; or unless it is over: the last half of the approach, at most a quarter of the path, spreads by less than ${numberText(OVER)} of its amplitude, as after chaos that came before.`,
        `Nor does a path converge that moves on again, as from a saddle or into unrest: whose last steps, ${numberText(LAST_STEPS)} or more, are all longer than as many before them as make ${numberText(IN_ALL)} with them, ${numberText(LAST_STEPS)} at least, all since it set out for its end, in the median by ${numberText(MOVES_AGAIN)} times or more, and as much longer than those of rounding.`,
        `Nor does what flips by more than ${numberText(MAY_FLIP.bfloat16)} rounding floors of a 16-bit format.`
      ]
    },
    {
      title: "Held by rounding",
      points: [
        "Rounding alone can hold an oscillation up: a loop that rounds at every step may go on for ever in a limit cycle of up to half a unit of every coordinate over 1 − |λ| (the dead band of recursive filters, Jackson 1969).",
        `So a path that fell into its oscillation from ${FELL_FROM} times its amplitude or more, evenly and along the same directions, comes to rest where that amplitude is at most ${DEAD_BAND} rounding floors over 1 − the rate of the fall, and is no orbit.`
      ]
    },
    {
      title: "Rate",
      points: [
        `The rate |λ| is that of one eigenmode where one accounts for the window down to its noise, else the slope of ln ‖hₜ₊₂ − hₜ‖ over the leading steps above ${FLOORS_TRIED[0]} floors (down to ${numberText(FLOORS_TRIED.at(-1)!)} where few are).`,
        "A loop that is kicked alike at every step is one mode, too: its rate is that of each state regressed on the one before.",
        "A path on a sphere is looked at on the plane that touches it where the path ends, so that its bend is not taken for a second mode, and the interval is widened by what the bend can still do."
      ]
    },
    {
      title: "Interval of the rate",
      points: [
        "A 95 % interval is given only where one mode accounts for the way from its beginning, leaves more than rounding and shows no other (a repeated mode, terms of higher order) along its direction or beside it, where noise and kicks that a loop keeps as much of may stand, and where its upper end, too, would make a label. Else the rate stands alone, and the label’s evidence says why (no_interval).",
        "Two modes of nearly the same rate look like one at their mean: the noise may hide a variance v of rates, and the slower, if it is no smaller than the other, lies within √v. The interval takes in the largest v that the window allows, so that it holds beside such a mode (a Jordan block’s small second part).",
        "It is conservative: of one mode it holds in 99 to 100 % and is, of a decay that does not turn, about 6, 12 and 27 times as wide at 5, 20 and 100 times the noise as noise alone would make it, since the same states come of one mode and of two, and a narrower one would fail of two (with two thirds of that reach for noise it holds in 82 % beside a Jordan block’s part of 0.05).",
        "The 95 % interval of exactly one mode, of noise alone (Student’s with the noise along the motion, and with what finding the motion’s directions from the same states adds), is the evidence’s one_mode_ci."
      ]
    },
    {
      title: "Settled",
      points: [
        `From the first step on from which the path stays within ${SETTLED_FLOORS} floors of the mean of its last ${shareText(TAIL_SHARE)}.`
      ]
    }
  ]
};
