import type {CheckpointHeader, Family, Model} from "../model/family.ts";
import {ModelFormatError} from "../model/modelFormatError.ts";
import {hrmText} from "./hrmText/hrmText.ts";
import {huginn} from "./huginn/huginn.ts";
import {ouro} from "./ouro/ouro.ts";
import {retrofit} from "./retrofit/retrofit.ts";

/** The architectures that can be run. A further one is a folder, and a line here. */
export const families: readonly Family[] = [huginn, retrofit, ouro, hrmText];

/** How states of a family's models can be read out, the own way first; undefined for a family that is not known here. */
export function lensesOfFamily(name: string | null): readonly {readonly name: string; readonly formula: string}[] | undefined {
  const family = families.find((known) => known.name === name);
  return family && Object.entries(family.lensFormulas).map(([lens, formula]) => ({name: lens, formula}));
}

/**
 * The model that a checkpoint holds, by its config and its tensors. Throws a ModelFormatError of one line: where no family's marks are
 * there, it names the family that comes closest and the first tensor that does not fit; it names both for tensors of two families, and
 * the tensor that is missing, unexpected or of another shape within one.
 */
export function recognise(header: CheckpointHeader, known: readonly Family[] = families): Model {
  const names = [...header.tensors.keys()];
  const found = known.filter((family) => isMarked(family, names));
  if (found.length === 0) throw new ModelFormatError(closestOf(known, header));
  if (found.length > 1)
    throw new ModelFormatError(
      `mixed tensors: ${found.map((family) => `${markIn(family, names)} is of ${family.name}`).join(", ")}; expected one model`
    );
  const [family] = found;
  const type = modelTypeOf(header.config);
  if (type !== undefined && !family.modelTypes.includes(type))
    throw new ModelFormatError(
      `contradictory config.json: model_type ${type}; the tensors are those of ${family.name}, whose model_type is ${family.modelTypes.join(" or ")}`
    );
  const model = family.model(header);
  checkTensors(family, model, header);
  return model;
}

const markIn = ({marks}: Family, names: readonly string[]): string | undefined => names.find((name) => marks[0].pattern.test(name));

const isMarked = ({marks, never = []}: Family, names: readonly string[]): boolean =>
  marks.every(({pattern}) => names.some((name) => pattern.test(name))) &&
  !never.some((pattern) => names.some((name) => pattern.test(name)));

function modelTypeOf(config: unknown): string | undefined {
  const type = typeof config === "object" && config !== null ? (config as {model_type?: unknown}).model_type : undefined;
  return typeof type === "string" ? type : undefined;
}

function checkTensors(family: Family, model: Model, {tensors}: CheckpointHeader): void {
  for (const {source, sourceShape} of model.weights) {
    const shape = tensors.get(source);
    if (!shape) throw new ModelFormatError(`missing tensor: ${source}; expected [${sourceShape.join(", ")}]`);
    if (shape.join() !== sourceShape.join())
      throw new ModelFormatError(`unexpected shape of ${source}: [${shape.join(", ")}]; the config needs [${sourceShape.join(", ")}]`);
  }
  const read = new Set(model.weights.map(({source}) => source));
  for (const name of tensors.keys())
    if (!read.has(name) && !family.unread.test(name))
      throw new ModelFormatError(`unknown tensor: ${name}; a ${family.name} model of this config has none of that name`);
}

/** The refusal of a checkpoint that no family has marked. */
function closestOf(known: readonly Family[], {config, tensors}: CheckpointHeader): string {
  const names = [...tensors.keys()];
  const type = modelTypeOf(config);
  const fits = ({names: own, unread}: Family, name: string) => own.test(name) || unread.test(name);
  const scored = known.map((family) => ({
    family,
    fitting: names.filter((name) => fits(family, name)).length + (type !== undefined && family.modelTypes.includes(type) ? 0.5 : 0)
  }));
  const {family} = scored.reduce((best, other) => (other.fitting > best.fitting ? other : best));
  const says = type === undefined ? "" : ` (model_type ${type})`;
  const misfit = names.find((name) => !fits(family, name)) ?? names.find((name) => family.never?.some((pattern) => pattern.test(name)));
  if (misfit !== undefined) return `unknown model${says}: ${family.name} comes closest, and has no tensor ${misfit}`;
  const missing = family.marks.find(({pattern}) => !names.some((name) => pattern.test(name)));
  return `unknown model${says}: ${family.name} comes closest, and has a tensor ${missing?.example}, which is missing here`;
}
