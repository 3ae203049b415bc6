import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {ifThere} from "../../capture/trace/ifThere.ts";
import {modelCardSchema, type ModelCard} from "../contract/modelSchemas.ts";

const ABOUT_CHARACTERS = 400; // of a README: its first lines, not its whole story

/**
 * What a checkpoint's makers say of it: `card.json` with examples, else the first paragraph of its README.md. Null where there is
 * neither, and for a card that is not one: a model is usable without it.
 */
export async function modelCard(folder: string): Promise<ModelCard | null> {
  const card = await ifThere(readFile(join(folder, "card.json"), "utf8"), undefined);
  if (card !== undefined) return cardOf(card);
  const about = firstParagraph((await ifThere(readFile(join(folder, "README.md"), "utf8"), "")) ?? "");
  return about ? {about, examples: []} : null;
}

function cardOf(text: string): ModelCard | null {
  try {
    const parsed = modelCardSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** The first lines of Markdown that are neither its front matter, nor a heading, nor a picture. */
function firstParagraph(markdown: string): string {
  const body = markdown.replace(/^---\n[\s\S]*?\n---\n/, "");
  const found = body.split(/\n\s*\n/).find((block) => /^[^#!<[|`\s-]/.test(block.trim())) ?? "";
  const text = found.trim().replace(/\s+/g, " ");
  return text.length > ABOUT_CHARACTERS ? `${text.slice(0, ABOUT_CHARACTERS)}…` : text;
}
