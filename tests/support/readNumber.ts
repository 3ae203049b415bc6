import {Refusal} from "../../capture/trace/refusal.ts";

/** The number that a bench's or soak's option is. Throws a Refusal that names the option, its value and what is allowed. */
export function wholeFrom(least: number, option: string, text: string | undefined): number {
  return read(option, text, (value) => Number.isInteger(value) && value >= least, `a whole number from ${least}`);
}

/** The same, of numbers joined by commas. */
export const wholesFrom = (least: number, option: string, text: string): number[] =>
  text.split(",").map((one) => wholeFrom(least, option, one));

/** A number above 0, that need not be whole, nor finite. */
export const positive = (option: string, text: string): number => read(option, text, (value) => value > 0, "a number above 0");

/** The pairs of `64x32,1024x128`: width and states. */
export const sizesFrom = (option: string, text: string): (readonly [width: number, states: number])[] =>
  text.split(",").map((size) => {
    const found = /^([1-9]\d*)x([1-9]\d*)$/.exec(size);
    if (!found) throw new Refusal(`invalid ${option}: ${size}; expected width and states, as in 64x32`);
    return [Number(found[1]), Number(found[2])];
  });

function read(option: string, text: string | undefined, isRight: (value: number) => boolean, expected: string): number {
  const value = Number(text);
  if (text === undefined || text.trim() === "" || !isRight(value))
    throw new Refusal(`invalid ${option}: ${text ?? "none"}; expected ${expected}`);
  return value;
}
