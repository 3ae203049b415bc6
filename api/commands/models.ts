import type {Command} from "commander";
import {createModelStore} from "../models/modelStore.ts";
import {shippedModels} from "../models/shipped.ts";
import {each, examples} from "./options.ts";
import {print, printJson} from "./print.ts";
import {userPath} from "./usage.ts";

export function addModels(verb: Command): void {
  verb
    .option("--models <folder>", "a folder of checkpoint folders; may be given again", each, [])
    .option("--json", "print one JSON document on stdout and nothing else")
    .addHelpText("after", examples("models", "models --models ~/checkpoints --json"))
    .action(listModels);
}

async function listModels({models: folders, json}: {readonly models: readonly string[]; readonly json?: boolean}): Promise<void> {
  const models = await createModelStore([...folders.map(userPath), ...shippedModels]).list();
  if (json) return printJson({models});
  for (const {name, family, width, vocab, blocks, mean_recurrence, max_tokens, bytes, error} of models)
    await print(
      error === null
        ? `${name}: ${family}, width ${width}, ${Object.entries(blocks)
            .map(([stack, count]) => `${count} ${stack}`)
            .join(
              " + "
            )} blocks, trained with ${mean_recurrence} steps, at most ${max_tokens} tokens, vocabulary ${vocab}, ${(bytes / 1e6).toFixed(1)} MB`
        : `${name}: cannot be used: ${error}`
    );
}
