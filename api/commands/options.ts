import {Option} from "commander";
import {ends, seedBounds, type Bounds} from "../../capture/bounds.ts";
import {computeDtypes, devices, engineKinds} from "../../capture/engine/choices.ts";
import type {ListBounds} from "../contract/experimentBounds.ts";
import {number, wholeNumber} from "./usage.ts";

/** A whole number within its bounds; the help says them. */
export const wholeOption = (flags: string, about: string, bounds: Bounds): Option =>
  new Option(flags, `${about}, ${ends(bounds)}`).argParser(wholeNumber(bounds)).default(bounds.usual);

/** A number within its bounds; the help says them. */
export const numberOption = (flags: string, about: string, bounds: Bounds): Option =>
  new Option(flags, `${about}, ${ends(bounds)}`).argParser(number(bounds)).default(bounds.usual);

/** One of a list, the first of it where nothing is said. */
export const choiceOption = (flags: string, about: string, choices: readonly string[]): Option =>
  new Option(flags, about).choices([...choices]).default(choices[0]);

export const seedOption = (about: string): Option =>
  new Option("--seed <number>", about).argParser(wholeNumber(seedBounds)).default(seedBounds.usual);

export const engineOption = (): Option => choiceOption("--engine <name>", "what computes", engineKinds);

export const dtypeOption = (): Option =>
  choiceOption(
    "--dtype <name>",
    "numbers to compute in; int8 keeps weights in 8 bits: a third of the memory, states about 1 % off",
    computeDtypes
  );

export const deviceOption = (): Option => choiceOption("--device <name>", "where to compute", devices);

/** A list of numbers joined by commas, each within its ends. */
export const listOption = (flags: string, about: string, {least, most, usual}: ListBounds): Option =>
  new Option(flags, about).argParser((text) => (text.trim() === "" ? [] : text.split(",").map(number({least, most})))).default([...usual]);

/** An option that may be given again. */
export const each = (value: string, before: readonly string[]): string[] => [...before, value];

/** What the help of a verb ends with. */
export const examples = (...lines: readonly string[]): string => `\nExamples:\n${lines.map((line) => `  $ orrery ${line}`).join("\n")}`;
