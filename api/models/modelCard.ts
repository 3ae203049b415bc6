import {join} from "node:path";
import {jsonFileIfThere} from "../../capture/trace/jsonFile.ts";
import {Refusal} from "../../capture/trace/refusal.ts";
import {textFileIfThere} from "../../capture/trace/textFile.ts";
import {modelCardSchema, type ModelCard} from "../contract/modelSchemas.ts";

const ABOUT_CHARACTERS = 400; // of a README: its first lines, not its whole story
const READ = {maxBytes: 4 * 2 ** 20, error: Refusal};

/**
 * What a checkpoint's makers say of it: `card.json` with examples, else the first paragraph of its README.md. Null where there is
 * neither, and for one that cannot be read: a model is usable without it.
 */
export async function modelCard(folder: string): Promise<ModelCard | null> {
  const card = await jsonFileIfThere(join(folder, "card.json"), READ).catch(() => null);
  if (card !== undefined) return modelCardSchema.safeParse(card).data ?? null;
  const about = firstParagraph((await textFileIfThere(join(folder, "README.md"), READ).catch(() => "")) ?? "");
  return about ? {about, examples: []} : null;
}

/** The first lines of Markdown that are neither its front matter, nor a heading, nor a picture. */
function firstParagraph(markdown: string): string {
  const body = markdown.replace(/^---\n[\s\S]*?\n---\n/, "");
  const found = body.split(/\n\s*\n/).find((block) => /^[^#!<[|`\s-]/.test(block.trim())) ?? "";
  const text = found.trim().replace(/\s+/g, " ");
  return text.length > ABOUT_CHARACTERS ? `${text.slice(0, ABOUT_CHARACTERS)}…` : text;
}
