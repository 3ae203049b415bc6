import {useMemo, useRef} from "react";
import type {PromptResult} from "../../api/contract.ts";
import {dotStrip, type DotStripProps, type StripRow} from "../plot/dotStrip.ts";
import {tokenLabel} from "../plot/format.ts";
import type {Plot} from "../plot/plot.ts";
import {quoted} from "../save.ts";
import {usePalette} from "../useTheme.ts";
import {PlotMount} from "./PlotMount.tsx";
import {SaveMenu} from "./SaveMenu.tsx";

const MEASURES = [
  ["aa_noise", "AA (noise)"],
  ["aa_swap", "AA (swap)"]
] as const;

/** Asymptotic alignment of every token: the cosine of the ends from other starts with the end from its own. */
export function AgreementPlot({prompts, chosen}: {prompts: readonly PromptResult[]; chosen: number | undefined}) {
  const palette = usePalette();
  const plot = useRef<Plot<DotStripProps> | null>(null);
  const rows = useMemo(
    (): StripRow[] =>
      MEASURES.map(([key, name]) => ({
        name,
        values: prompts.flatMap(({index, prompt, tokens}) => tokens.flatMap((token) => (token[key] === null ? [] : [{value: token[key], marked: index === chosen, title: `“${tokenLabel(token.text)}” of ${tokenLabel(prompt)}: ${token[key]}`}])))
      })),
    [prompts, chosen]
  );
  const domain = useMemo((): readonly [number, number] => [Math.min(0.9, ...rows.flatMap(({values}) => values.map(({value}) => value))), 1], [rows]);
  const csv = (): string => ["prompt,token,text,aa_noise,aa_swap", ...prompts.flatMap(({index, tokens}) => tokens.map(({index: token, text, aa_noise, aa_swap}) => [index, token, quoted(text), aa_noise ?? "", aa_swap ?? ""].join(",")))].join("\n") + "\n";
  return (
    <section className="panel-box" aria-label="Asymptotic alignment">
      <header className="panel-head">
        <h2>Asymptotic alignment: do other starts end where the own start ends?</h2>
        <span className="note">a dot per token of every prompt; the chosen prompt marked</span>
        <span className="header-space" />
        <SaveMenu name="asymptotic-alignment" title="Asymptotic alignment" note={`${prompts.length} prompts, a dot per token`} pictures={() => (plot.current ? [plot.current.picture()] : [])} csv={csv} />
      </header>
      <PlotMount className="strip-plot" make={dotStrip} plot={plot} props={{palette, rows, domain, axis: "cosine with the end from the own start (1: the same)"}} />
    </section>
  );
}
