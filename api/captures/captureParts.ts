import {z} from "zod";
import {captureOptions, hasOnePrompt, ONE_PROMPT, promptOptions} from "../../capture/job/captureSpec.ts";

export const CAPTURE = "capture";

/** What a worker is told of a capture: its paths are each machine's own. */
export const captureWorkSchema = z.strictObject({
  job: z.string().regex(/^[\w.-]+$/),
  index: z.number().int().min(0),
  spec: z
    .strictObject({owner: z.string().max(64).optional(), ...promptOptions, ...captureOptions})
    .refine(hasOnePrompt, {message: ONE_PROMPT})
});
export type CaptureWork = z.infer<typeof captureWorkSchema>;

/** What lies in the shared place, below `runs/JOB-INDEX`, once a capture is whole. */
export const captureAnswerSchema = z.strictObject({
  step: z.number().int().min(0),
  files: z.array(z.strictObject({name: z.string().regex(/^\w[\w.-]*$/), sha256: z.string()})).min(1)
});
export type CaptureAnswer = z.infer<typeof captureAnswerSchema>;

/** A step that is done; −1 once the model is there. */
export const captureNewsSchema = z.object({step: z.number().int(), secondsLeft: z.number().nullable()});

export const RUNS_PLACE = "runs";
