import {useRef, useState} from "react";
import {beyondNote} from "../../api/contract/choices.ts";
import type {Spectrum} from "../../api/contract/contract.ts";
import {circlePlot, type CircleProps} from "../plot/circlePlot.ts";
import {formatNumber, tokenLabel} from "../plot/format.ts";
import type {Plot} from "../plot/plot.ts";
import {useRemote} from "../source/remote.ts";
import {isModelless, NO_MODEL} from "./modelless.ts";
import type {RunData} from "./runData.ts";
import {tableCsv, type Cell} from "../plot/csv.ts";
import {useSource} from "../source/sourceContext.ts";
import {useStore} from "../state/store.ts";
import {usePalette} from "../state/useTheme.ts";
import {MethodLink} from "../parts/MethodLink.tsx";
import {PlotMount} from "../parts/PlotMount.tsx";
import {SaveMenu} from "../parts/SaveMenu.tsx";
import {PanelHead} from "../parts/PanelHead.tsx";
import {Failed} from "../parts/Failed.tsx";

/** The independent witness, asked for when it is opened: the leading eigenvalues of the step's Jacobian at the last state. */
export function SpectrumPanel({data, token}: {data: RunData; token: number}) {
  const [open, setOpen] = useState(false);
  return (
    <details className="more" open={open} onToggle={({currentTarget}) => setOpen(currentTarget.open)}>
      <summary>Spectrum at the last state</summary>
      {open && (isModelless(data) ? <p className="note">No spectrum: {NO_MODEL}.</p> : <SpectrumOf data={data} token={token} />)}
    </details>
  );
}

function SpectrumOf({data, token}: {data: RunData; token: number}) {
  const source = useSource();
  const plot = useRef<Plot<CircleProps> | null>(null);
  const palette = usePalette();
  const init = Math.min(useStore((state) => state.view.init) ?? 0, data.trace.inits.length - 1);
  const spectrum = useRemote(
    (signal) => source.spectrum(data.summary.id, {init, tokens: [token]}, signal),
    ["spectrum", data.summary.id, init, token]
  );
  if (spectrum.status === "loading") return <p className="note">Computing Jacobian-vector products …</p>;
  if (spectrum.status === "failed") return <Failed of={spectrum} what="No spectrum" />;
  const {tokens, sequence, step} = spectrum.value;
  const name = `“${tokenLabel(data.names[token])}”, token ${token}, init ${init + 1}`;
  const own = tokens.find(({index}) => index === token)?.eigenvalues ?? [];
  const beyond = beyondNote(data.trace.trained_steps, step);
  const leading = own.map(([re, im]) => Math.hypot(re, im))[0];
  return (
    <>
      <PanelHead
        note={
          <>
            Eigenvalues of the core step's Jacobian · <MethodLink of="Spectrum" />
          </>
        }
      >
        <SaveMenu
          name={`${data.summary.id}-spectrum-${token}`}
          title={`${data.summary.title}: spectrum at step ${step}${beyond}`}
          note={`Jacobian of the core step; dots: the block of ${name}; squares: the whole sequence`}
          pictures={() => (plot.current ? [plot.current.picture()] : [])}
          csv={() => spectrumCsv(spectrum.value)}
        />
      </PanelHead>
      <PlotMount
        className="circle-plot"
        make={circlePlot}
        plot={plot}
        props={{palette, own, sequence: sequence?.eigenvalues ?? NONE, label: "Eigenvalues and the unit circle"}}
      />
      <p className="note">
        Dots: the block of “{tokenLabel(data.names[token])}”, the other tokens held, at step {step}
        {beyond}; squares: the whole sequence. Leading modulus {leading === undefined ? "–" : formatNumber(leading)}
        {leading !== undefined && leading < 1 && ": the state contracts"}.
      </p>
    </>
  );
}

/** A line for each eigenvalue: of a token's own block, or of the whole sequence. */
function spectrumCsv({tokens, sequence, step}: Spectrum): string {
  const lines = (block: string, {init, eigenvalues, residuals}: Spectrum["sequence"]): Cell[][] =>
    eigenvalues.map(([re, im], i) => [step, init, block, re, im, Math.hypot(re, im), residuals[i]]);
  return tableCsv(
    ["step", "init", "block", "re", "im", "modulus", "residual"],
    [...tokens.flatMap((own) => lines(`token ${own.index}`, own)), ...lines("sequence", sequence)]
  );
}

const NONE: readonly (readonly [number, number])[] = [];
