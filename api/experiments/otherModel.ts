import type {ExperimentSpec} from "../contract/experimentSchemas.ts";

type Model = ExperimentSpec["model"];

/** What is said of an experiment that goes on only with the model it was made with, where another one is at hand. */
export const otherModel = (made: Model, here: Model): string =>
  `invalid model: the experiment was made with ${nameOf(made)}; here is ${nameOf(here)}`;

const nameOf = ({name, hash}: Model): string => `${name} (${hash.slice(0, 12)})`;
