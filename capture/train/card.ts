import type {Recipe} from "./recipe.ts";
import type {Task} from "./tasks/task.ts";
import type {LogLine} from "./logLine.ts";

/** What a model is, in words. */
export const aboutOf = ({about, families}: Recipe, task: Task): string =>
  about ?? `${task.about}${families ? ` This one was shown ${families.join(", ")} only.` : ""}`;

/** Prompts of what it was shown. */
export const examplesOf = ({families}: Recipe, {examples}: Task): Pick<Task["examples"][number], "prompt" | "about">[] =>
  examples
    .filter(({family}) => family === undefined || (families?.some((name) => name === family) ?? true))
    .map(({prompt, about}) => ({prompt, about}));

/** A model card (README.md) made of the recipe and the log: what it is, how it was trained, and what was measured last. */
export function cardOf(recipe: Recipe, task: Task, log: readonly LogLine[]): string {
  const {model, depth, optimiser} = recipe;
  const last = log.findLast(({measured}) => measured !== null);
  const measured = last?.measured;
  const depthWords =
    depth.kind === "poisson"
      ? `log-normal Poisson around ${depth.mean} (σ ${depth.sigma})`
      : `0 to ${depth.most} steps without a gradient, evenly, and then ${depth.through}`;
  const through = depth.through === "all" ? "all steps" : `the last ${depth.through} steps`;
  const lines = [
    `# ${recipe.task}`,
    "",
    aboutOf(recipe, task),
    "",
    `Width ${model.width}, ${model.heads} heads, ${model.prelude} prelude, ${model.core} core and ${model.coda} coda blocks, one token a character (\`${task.characters.replaceAll("\n", "⏎")}\`). \`orrery train recipe.json\` makes it again; log.jsonl has every update.`,
    "",
    "| | |",
    "| --- | --- |",
    `| updates | ${last?.update ?? 0} of ${recipe.updates}, each of ${recipe.rows} rows of ${recipe.tokens} tokens |`,
    `| depth | ${depthWords}; gradient through ${through} |`,
    `| loss | cross-entropy after ${recipe.loss === "last" ? "the last step" : "every step that has a gradient"} |`,
    `| optimiser | AdamW, rate ${optimiser.rate}, betas ${optimiser.beta1} and ${optimiser.beta2}, decay ${optimiser.decay}, clipped to ${optimiser.clip}, warm-up ${optimiser.warmup}, cool-down ${optimiser.cooldown} |`,
    `| seed | ${recipe.seed} |`
  ];
  if (!measured) return `${lines.join("\n")}\n`;
  const depths = Object.keys(measured.accuracy);
  const row = (name: string, shares: Readonly<Record<string, number | null>>) =>
    `| ${name} | ${depths.map((step) => percent(shares[step])).join(" | ")} |`;
  return `${[
    ...lines,
    "",
    `Right answers by recurrent steps after ${last.update} updates, on rows that were not trained on:`,
    "",
    `| | ${depths.join(" | ")} |`,
    `| --- |${depths.map(() => " ---: |").join("")}`,
    row("all", measured.accuracy),
    ...Object.entries(measured.by_kind).map(([kind, shares]) => row(kind, shares)),
    "",
    `At the deepest of them: token correlation ${figure(measured.correlation)}, state norm ${figure(measured.state_norm)}, leading eigenvalue ${figure(measured.eigenvalue)} (modulus).`
  ].join("\n")}\n`;
}

const percent = (share: number | null): string => (share === null ? "–" : `${(100 * share).toFixed(1)} %`);
const figure = (value: number | null): string => (value === null ? "unknown" : String(Number(value.toPrecision(3))));
