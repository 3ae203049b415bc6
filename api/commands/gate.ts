import {shown} from "../contract/checkLine.ts";
import {numberedToken} from "../../capture/trace/numberedToken.ts";
import {runFolder} from "./runFolder.ts";
import type {Command} from "commander";
import {captureBounds} from "../../capture/bounds.ts";
import type {EngineKind} from "../../capture/engine/choices.ts";
import {checkedHash} from "../../capture/engine/checkedHash.ts";
import {loadEngine} from "../../capture/engine/loadEngine.ts";
import {openTrace} from "../../capture/trace/reader.ts";
import {runGate, type TokenGate} from "../analyses/runGate.ts";
import {modelFolder} from "./modelFolder.ts";
import {engineOption, listOption, examples} from "./options.ts";
import {print, printJson} from "./print.ts";
import {wholeNumber} from "./usage.ts";

interface GateOptions {
  readonly model?: string;
  readonly init: number;
  readonly threshold: number[];
  readonly engine: EngineKind;
  readonly json?: boolean;
}

export function addGate(verb: Command): void {
  verb
    .option("--init <index>", "the trajectory's initial state", wholeNumber({least: 0, most: captureBounds.inits.most - 1}), 0)
    .addOption(
      listOption("--threshold <numbers>", "sums of the exit distribution at which to leave, joined by commas", {
        least: 0,
        most: 1,
        count: 32,
        usual: [0.5, 0.9, 1]
      })
    )
    .option("--model <folder>", "the checkpoint that made the run, for the readout in the mean")
    .addOption(engineOption())
    .option("--json", "print one JSON document on stdout and nothing else")
    .addHelpText("after", examples("gate RUN", "gate RUN --threshold 0.5,0.9 --model ~/checkpoints/ouro --json"))
    .action(gate);
}

async function gate(run: string, {model, init, threshold, engine: kind, json}: GateOptions): Promise<void> {
  const reader = await openTrace(await runFolder(run));
  try {
    const folder = model === undefined ? undefined : await modelFolder(model);
    if (folder !== undefined) await checkedHash(folder, reader.trace);
    const engine = folder === undefined ? undefined : await loadEngine(folder, {engine: kind});
    const tokens = await runGate(reader, {init, thresholds: threshold, engine}).finally(() => engine?.dispose());
    const texts = await reader.readTexts();
    if (json) return await printJson({init, loops: Math.max(...tokens.map((token) => token.gate.length)), tokens});
    for (const token of tokens) await print(lineOf(token, texts));
  } finally {
    await reader.close();
  }
}

function lineOf({index, text, gate, leaves, weighted}: TokenGate, texts: ReadonlyMap<number, string> | undefined): string {
  const steps = leaves.map(({q, step}) => `step ${step} at q ${q}`);
  const read = weighted && `; in the mean ${shown(texts?.get(weighted.id) ?? numberedToken(weighted.id))}`;
  return `token ${index} ${shown(text)}: λ ${gate.map((p) => p.toFixed(3)).join(" ")}; leaves at ${steps.join(", ")}${read ?? ""}`;
}
