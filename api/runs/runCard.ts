import {join} from "node:path";
import {z} from "zod";
import {errorLine} from "../../capture/errorLine.ts";
import {jsonFileIfThere} from "../../capture/trace/jsonFile.ts";
import {Refusal} from "../../capture/trace/refusal.ts";
import {noteSchema, type Note, type RunChange} from "../contract/contract.ts";

export const CARD_FILE = "card.json"; // beside trace.json, which belongs to its writer alone
const MAX_BYTES = 16 * 2 ** 20; // of notes on every token and view

/** What a person set beside a run. */
export interface RunCard extends RunChange {
  readonly notes?: readonly Note[];
}

const cardSchema = z.object({title: z.string().optional(), tags: z.array(z.string()).optional(), notes: z.array(noteSchema).optional()});

/** What a person set. A card that cannot be read takes nothing else with it: the run shows as if it had none, and the damage is told. */
export async function readCard(dir: string): Promise<{readonly card: RunCard; readonly damage?: string}> {
  try {
    const value = await jsonFileIfThere(join(dir, CARD_FILE), {maxBytes: MAX_BYTES, error: Refusal});
    if (value === undefined) return {card: {}};
    const parsed = cardSchema.safeParse(value);
    return parsed.success ? {card: parsed.data} : {card: {}, damage: "expected title, tags and notes; the run shows without them"};
  } catch (error) {
    return {card: {}, damage: `${errorLine(error)}; the run shows without its title, tags and notes`};
  }
}

export const cardText = (card: RunCard): string => `${JSON.stringify(card, undefined, 1)}\n`;
