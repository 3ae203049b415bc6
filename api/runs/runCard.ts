import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {z} from "zod";
import {errorLine} from "../../capture/errorLine.ts";
import {ifThere} from "../../capture/trace/ifThere.ts";
import {parseJson} from "../../capture/trace/json.ts";
import {noteSchema, type Note, type RunChange} from "../contract/contract.ts";

export const CARD_FILE = "card.json"; // beside trace.json, which belongs to its writer alone

/** What a person set beside a run. */
export interface RunCard extends RunChange {
  readonly notes?: readonly Note[];
}

const cardSchema = z.object({title: z.string().optional(), tags: z.array(z.string()).optional(), notes: z.array(noteSchema).optional()});

/** What a person set. A card that cannot be read takes nothing else with it: the run shows as if it had none, and the damage is told. */
export async function readCard(dir: string): Promise<{readonly card: RunCard; readonly damage?: string}> {
  try {
    const text = await ifThere(readFile(join(dir, CARD_FILE), "utf8"), undefined);
    if (text === undefined) return {card: {}};
    const parsed = cardSchema.safeParse(parseJson(text));
    return parsed.success ? {card: parsed.data} : {card: {}, damage: "expected title, tags and notes; the run shows without them"};
  } catch (error) {
    return {card: {}, damage: `${errorLine(error)}; the run shows without its title, tags and notes`};
  }
}

export const cardText = (card: RunCard): string => `${JSON.stringify(card, undefined, 1)}\n`;
