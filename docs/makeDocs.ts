import {readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import type {Command} from "commander";
import type {MethodSection} from "../api/contract/methodSchemas.ts";
import {methodSections} from "../api/report/methodSections.ts";
import {wholeProgram} from "../api/commands/program.ts";
import {PICTURES} from "./pictures.ts";
import {openapi} from "../api/http/openapi.ts";

/** `npm run docs` makes the pages that say what the code says: the command line, HTTP and the methods. A test compares them with the code. */

export const PAGES: Readonly<Record<string, () => string | Promise<string>>> = {
  "cli.md": cliPage,
  "http.md": httpPage,
  "methods.md": methodsPage,
  ...Object.fromEntries(Object.entries(PICTURES).map(([name, draw]) => [`pictures/${name}`, draw]))
};

/** How a page stands in the checkout. */
export const pageAsKept = (name: string): string => readFileSync(join(import.meta.dirname, name), "utf8");

const made = (by: string): string => `<!-- made by \`npm run docs\` from ${by}; not to be edited -->`;

async function cliPage(): Promise<string> {
  const program = await wholeProgram();
  const sections = program.commands.map((verb) => `## orrery ${verb.name()}\n\n\`\`\`\n${helpOf(verb)}\n\`\`\``);
  return [
    "# The command line",
    made("each verb's `--help`"),
    "In a checkout `orrery` is `npm run -s orrery --`. Exit status 2 is a usage error, 1 a failure; an error is one line on stderr. At Ctrl-C or SIGTERM a verb comes to the end of its step, keeps what can be gone on with, removes what cannot, and ends with status 1 (`serve`, `open` and a queue’s `work` with 0); the second ends it at once. `--json` prints one JSON document on stdout and nothing else.",
    ...sections
  ].join("\n\n");
}

/** What a verb's `--help` prints, at the width of no terminal. */
function helpOf(verb: Command): string {
  let text = "";
  verb.configureOutput({writeOut: (more) => (text += more), getOutHelpWidth: () => 100});
  verb.outputHelp();
  return text.trimEnd();
}

interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly description?: string;
  readonly anyOf?: readonly Schema[];
}

interface Described {
  readonly summary: string;
  readonly parameters: readonly {readonly name: string; readonly in: string; readonly required: boolean; readonly schema: Schema}[];
  readonly requestBody?: {readonly content: Content};
  readonly responses: Readonly<Record<string, {readonly content?: Content}>>;
}
type Content = Readonly<Record<string, {readonly schema: Schema}>>;

function httpPage(): string {
  const {paths} = openapi() as {paths: Readonly<Record<string, Readonly<Record<string, Described>>>>};
  const sections = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => `## ${method.toUpperCase()} ${path}\n\n${operationText(described)}`)
  );
  return [
    "# HTTP",
    made("the server's own description, `/api/openapi.json`"),
    'Requests and answers are JSON with snake_case names; large answers are safetensors messages, whose tensors are named here. An error is `{"error": "one line"}` with its status.',
    ...sections
  ].join("\n\n");
}

function operationText({summary, parameters, requestBody, responses}: Described): string {
  const query = parameters.filter((parameter) => parameter.in === "query");
  const body = requestBody?.content["application/json"].schema;
  const [status, answer] = Object.entries(responses).find(([code]) => code !== "default")!;
  return [
    `${summary}.`,
    ...(query.length > 0
      ? [
          fieldTable(
            "query",
            Object.fromEntries(query.map(({name, schema}) => [name, schema])),
            query.flatMap(({name, required}) => (required ? name : []))
          )
        ]
      : []),
    ...(body?.properties ? [fieldTable("body", body.properties, body.required ?? [])] : []),
    `Answers ${status}${answer.content ? `: ${answerText(answer.content)}` : ""}.`
  ].join("\n\n");
}

function fieldTable(title: string, fields: Readonly<Record<string, Schema>>, required: readonly string[]): string {
  const rows = Object.entries(fields).map(
    ([name, schema]) => `| \`${name}\`${required.includes(name) ? " (required)" : ""} | ${typeText(schema).replaceAll("|", "\\|")} |`
  );
  return [`| ${title} | |`, "| --- | --- |", ...rows].join("\n");
}

function typeText({
  type,
  enum: choices,
  const: only,
  default: usual,
  minimum,
  maximum,
  maxLength,
  items,
  properties,
  anyOf
}: Schema): string {
  const kind =
    only !== undefined
      ? JSON.stringify(only)
      : choices
        ? choices.map((choice) => JSON.stringify(choice)).join(" | ")
        : anyOf
          ? [...new Set(anyOf.map(typeText))].join(" | ")
          : items
            ? `list of ${typeText(items)}`
            : properties
              ? `{${Object.keys(properties).join(", ")}}`
              : (type ?? "anything");
  const safe = (end: number | undefined): number | undefined =>
    end !== undefined && Math.abs(end) < Number.MAX_SAFE_INTEGER ? end : undefined;
  const [low, high] = [safe(minimum), safe(maximum)];
  const ends =
    low !== undefined && high !== undefined
      ? `, ${low} to ${high}`
      : low !== undefined
        ? `, from ${low}`
        : high !== undefined
          ? `, to ${high}`
          : "";
  const length = maxLength === undefined ? "" : `, at most ${maxLength} characters`;
  return `${kind}${ends}${length}${usual === undefined ? "" : `; default ${JSON.stringify(usual)}`}`;
}

function answerText(content: Content): string {
  const [[type, {schema}]] = Object.entries(content);
  if (type === "application/json") return typeText(schema);
  if (schema.description) return schema.description;
  return type === "*/*" ? "a file" : type;
}

function methodsPage(): string {
  const sections = methodSections();
  return [
    "# Methods",
    made(
      "the records that the program measures, draws and reports with: `analysis/measures/measures.ts`, `analysis/exit` and `api/report/methods`"
    ),
    "Formulas, thresholds and references, as the page and every report have them.",
    sections.map(({title, notes}) => `- ${[title, ...notes.map((note) => note.title)].map(linkTo).join(" · ")}`).join("\n"),
    ...sections.flatMap(({title, table: rows, notes}) => [
      `## ${title}`,
      ...(rows
        ? [
            table(
              rows.head,
              rows.rows.map(([name, ...cells]) => [`\`${name}\``, ...cells])
            )
          ]
        : []),
      ...notes.flatMap(noteText)
    ])
  ].join("\n\n");
}

const noteText = ({title, formula, text, parts}: MethodSection["notes"][number]): string[] => [
  `### ${title}`,
  ...(formula === null ? [] : [`    ${formula}`]),
  text,
  ...parts.map(({title: name, points}) =>
    points.length === 1 ? `**${name}.** ${points[0]}` : `**${name}**\n\n${points.map((point) => `- ${point}`).join("\n")}`
  )
];

/** To a heading, as GitHub names it. */
const linkTo = (heading: string): string => `[${heading}](#${heading.toLowerCase().replaceAll(" ", "-")})`;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((row) => `| ${row.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`).join("\n");

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const [name, page] of Object.entries(PAGES)) writeFileSync(join(import.meta.dirname, name), `${await page()}\n`);
