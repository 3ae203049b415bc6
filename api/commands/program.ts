import {Command, Help} from "commander";
import {errorLine} from "../../capture/errorLine.ts";
import {software} from "../../capture/software.ts";
import {thereIs} from "./nearestName.ts";
import {verbs} from "./verbs.ts";

/** `help VERB` as `VERB --help`; of a verb that is not there only its name, which is refused, where its help would be that of all. */
export function plainly(words: readonly string[]): string[] {
  const [verb, ...rest] = words[0] === "help" && words.length > 1 ? [words[1], "--help"] : words;
  const isThere = Object.hasOwn(verbs, verb) || verb === "help" || verb.startsWith("-");
  return isThere ? [verb, ...rest] : [verb];
}

/** The program that words are told to: every verb by its name and description, and whole only the one that they ask for. */
export const programFor = (words: readonly string[]): Promise<Command> =>
  programOf(words, Object.hasOwn(verbs, words[0] ?? "") ? [words[0]] : []);

/** The program with every verb whole. */
export const wholeProgram = (): Promise<Command> => programOf([], Object.keys(verbs));

async function programOf(words: readonly string[], whole: readonly string[]): Promise<Command> {
  const program = new Command("orrery")
    .description(
      "A workbench for looking inside recurrent-depth language models: capture their states, analyse the trajectories, show them."
    )
    .version(software.version)
    .exitOverride()
    .configureOutput({outputError: (text, write) => write(`${errorLine(text.replace(/^error: /, ""))}${offered(program, words, text)}\n`)})
    .configureHelp({
      optionDescription: (option) => `${Help.prototype.optionDescription(option)}${option.mandatory ? " (required)" : ""}`,
      subcommandTerm: (verb) => `${verb.name()} ${verb.usage()}`
    })
    .showHelpAfterError(false);
  for (const {usage, says} of Object.values(verbs)) program.command(usage).description(says);
  for (const name of whole) (await verbs[name].complete())(program.commands.find((verb) => verb.name() === name)!);
  for (const verb of program.commands) verb.copyInheritedSettings(program);
  return program;
}

/** What there is instead of a verb or an option that is not there, and which words are too many. */
function offered(program: Command, words: readonly string[], complaint: string): string {
  const verb = program.commands.find((command) => command.name() === words[0]);
  if (/unknown command/.test(complaint)) return `; one of ${Object.keys(verbs).join(", ")}`;
  if (/too many arguments/.test(complaint) && verb)
    return ` Left over: ${errorLine(verb.args.slice(verb.registeredArguments.length).join(" "))}; expected ${verb.name()} ${verb.usage()}`;
  if (/required option/.test(complaint) && verb) return misspelt(verb, words.slice(1));
  return /unknown option/.test(complaint) && verb ? `; one of ${verb.options.map(({long}) => long).join(", ")}` : "";
}

/** The option that is not there among words of a verb: what is missing may be what was meant by it. */
function misspelt({options}: Command, words: readonly string[]): string {
  const names = options.map(({long}) => long!);
  const strange = words.map((word) => word.split("=")[0]).find((word) => word.startsWith("--") && !names.includes(word));
  return strange === undefined ? "" : `; unknown option '${errorLine(strange)}': ${thereIs(strange, names)}`;
}
