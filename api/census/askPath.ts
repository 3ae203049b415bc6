import {basename} from "node:path";
import {Refusal} from "../../capture/trace/refusal.ts";
import type {PathPicture, PathPictureQuery} from "../contract/censusAnswers.ts";
import {openCensus, sourceAt} from "./censusFolder.ts";
import {isGram, readGram} from "./gram/gramFolder.ts";
import {gramPicture} from "./gram/gramPicture.ts";

/** One trajectory of a census of Gram traces, in few dimensions. Throws a Refusal where there is none, or its states can be looked at themselves. */
export async function pathPicture(dir: string, prompt: string, {token, init, dims}: PathPictureQuery): Promise<PathPicture> {
  const {manifest, sources} = await openCensus(dir);
  const source = sourceAt(sources, prompt);
  if (manifest.from === "captures")
    throw new Refusal(`invalid census: ${basename(dir)} was captured here; its prompts are captured again to be looked at`, {
      kind: "conflict"
    });
  if (!(await isGram(source)))
    throw new Refusal(`invalid trace: ${basename(source)} has states; orrery open shows them`, {kind: "conflict"});
  const gram = await readGram(source);
  const [tokens, inits] = [gram.trace.tokens.length, gram.trace.inits.length];
  if (token >= tokens || init >= inits)
    throw new Refusal(`unknown trajectory: token ${token}, init ${init}; expected 0 to ${tokens - 1}, and 0 to ${inits - 1}`, {
      kind: "unknown"
    });
  const picture = gramPicture(gram, {init, token, components: dims});
  if (!picture)
    throw new Refusal(`no picture: token ${token} of ${basename(source)} never moved, or a number is not finite`, {kind: "unknown"});
  return picture;
}
