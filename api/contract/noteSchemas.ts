import {z} from "zod";
import {MAX_NOTE_CHARACTERS} from "./choices.ts";

/** What a person wrote on a token of a run, or, where `token` is null, on the run itself. */
export const noteSchema = z.strictObject({token: z.number().int().min(0).nullable(), text: z.string().trim().max(MAX_NOTE_CHARACTERS)});
export type Note = z.infer<typeof noteSchema>;

/** GET /api/runs/:run/notes, and PUT of one note, which replaces what stands on its token; an empty text takes it away. The run's own comes first, then by token. */
export const notesSchema = z.object({notes: z.array(noteSchema)});
export type Notes = z.infer<typeof notesSchema>;

/** The notes after one was written. */
export const withNote = (notes: readonly Note[], note: Note): Note[] =>
  [...notes.filter(({token}) => token !== note.token), ...(note.text ? [note] : [])].sort((a, b) => (a.token ?? -1) - (b.token ?? -1));
