import {z} from "zod";
import {MAX_NOTE_CHARACTERS, MAX_VIEW_CHARACTERS} from "./choices.ts";

/** The address of a view without its run, as the page writes it: `?t=3&s=12&pic=plane`. */
const viewSchema = z
  .string()
  .max(MAX_VIEW_CHARACTERS)
  .regex(/^\?[\x21-\x7e]*$/, "expected a view's address from its question mark on");

/** What a person wrote on a token of a run, or, where `token` is null, on a view of it or on the run itself. */
export const noteSchema = z
  .strictObject({
    token: z.number().int().min(0).nullable(),
    view: viewSchema.optional(),
    text: z.string().trim().max(MAX_NOTE_CHARACTERS)
  })
  .refine(({token, view}) => view === undefined || token === null, {message: "expected null with a view", path: ["token"]});
export type Note = z.infer<typeof noteSchema>;

/** GET /api/runs/:run/notes, and PUT of one note, which replaces what stands in its place; an empty text takes it away. The run's own comes first, then by token, then those on views as they came. */
export const notesSchema = z.object({notes: z.array(noteSchema)});
export type Notes = z.infer<typeof notesSchema>;

/** The notes after one was written. */
export const withNote = (notes: readonly Note[], note: Note): Note[] =>
  [...notes.filter(({token, view}) => token !== note.token || view !== note.view), ...(note.text ? [note] : [])].sort(
    (a, b) => orderOf(a) - orderOf(b)
  );

const orderOf = ({token, view}: Note): number => (view === undefined ? (token ?? -1) : Number.MAX_SAFE_INTEGER);
