import {z} from "zod";

/** A tensor inside JSON: its little-endian bytes in base64, a third more than the numbers themselves. */
export const packedNumbersSchema = z.object({
  dtype: z.enum(["F32", "I32"]),
  shape: z.array(z.number().int().nonnegative()),
  base64: z.base64()
});
export type PackedNumbers = z.infer<typeof packedNumbersSchema>;
