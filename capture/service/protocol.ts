import {z} from "zod";
import {captureSpecSchema} from "../job/captureSpec.ts";
import {lensSpecSchema} from "../loop/lensReadout.ts";
import type {Fault} from "../trace/refusal.ts";
import {runSpectrumSchema, spectrumSpecSchema} from "../spectrum/spectrumSchema.ts";

/** What the service is told. One job at a time: the next is sent when the last one has ended. */
export const orderSchema = z.discriminatedUnion("type", [
  z.strictObject({type: z.literal("capture"), id: z.string(), spec: captureSpecSchema}),
  z.strictObject({type: z.literal("spectrum"), id: z.string(), spec: spectrumSpecSchema}),
  z.strictObject({type: z.literal("lens"), id: z.string(), spec: lensSpecSchema}),
  z.strictObject({type: z.literal("cancel"), id: z.string()})
]);
export type Order = z.infer<typeof orderSchema>;

/** What the service tells about its job: a capture runs and progresses, a spectrum is answered, the readout of a lens is in the file asked for. `ended` is the last word on it: the trace folder is closed, if it was made at all. */
export const reportSchema = z.discriminatedUnion("type", [
  z.strictObject({type: z.literal("ready")}),
  z.strictObject({type: z.literal("log"), line: z.string()}),
  z.strictObject({type: z.literal("running"), id: z.string()}),
  z.strictObject({type: z.literal("progress"), id: z.string(), step: z.number().int(), secondsLeft: z.number().nullable()}),
  z.strictObject({type: z.literal("spectrum"), id: z.string(), spectrum: runSpectrumSchema}),
  z.strictObject({
    type: z.literal("ended"),
    id: z.string(),
    status: z.enum(["complete", "cancelled", "failed"]),
    step: z.number().int(),
    error: z.string().nullable(),
    /** The same as data, for a job that failed. */
    fault: z.custom<Fault>().optional()
  })
]);
export type Report = z.infer<typeof reportSchema>;
