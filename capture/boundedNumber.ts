import {z} from "zod";
import type {Bounds} from "./bounds.ts";

/** A whole number within its bounds. */
export const wholeIn = ({least, most, usual}: Bounds) => z.number().int().min(least).max(most).default(usual);

/** A number within its bounds. */
export const numberIn = ({least, most, usual}: Bounds) => z.number().min(least).max(most).default(usual);

/** A whole number within its bounds, out of a query's text. */
export const wholeTextIn = ({least, most, usual}: Bounds) => z.coerce.number().int().min(least).max(most).default(usual);
