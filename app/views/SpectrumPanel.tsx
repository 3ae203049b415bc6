import {useState} from "react";
import {circlePlot} from "../plot/circlePlot.ts";
import {formatNumber, tokenLabel} from "../plot/format.ts";
import {useRemote} from "../remote.ts";
import type {RunData} from "../runData.ts";
import {useSource} from "../sourceContext.ts";
import {useStore} from "../store.ts";
import {usePalette} from "../useTheme.ts";
import {PlotMount} from "./PlotMount.tsx";

/** The independent witness, asked for when it is opened: the leading eigenvalues of the step's Jacobian at the last state. */
export function SpectrumPanel({data, token}: {data: RunData; token: number}) {
  const [open, setOpen] = useState(false);
  return (
    <details className="more" open={open} onToggle={({currentTarget}) => setOpen(currentTarget.open)}>
      <summary>Spectrum at the last state</summary>
      {open && <Spectrum data={data} token={token} />}
    </details>
  );
}

function Spectrum({data, token}: {data: RunData; token: number}) {
  const source = useSource();
  const palette = usePalette();
  const init = Math.min(useStore((state) => state.view.init) ?? 0, data.trace.inits.length - 1);
  const spectrum = useRemote((signal) => source.spectrum(data.summary.id, {init, tokens: [token]}, signal), ["spectrum", data.summary.id, init, token]);
  if (spectrum.status === "loading") return <p className="note">Computing Jacobian-vector products …</p>;
  if (spectrum.status === "failed") return <p className="note">No spectrum: {spectrum.error.message}</p>;
  const {tokens, sequence, step} = spectrum.value;
  const own = tokens.find(({index}) => index === token)?.eigenvalues ?? [];
  const leading = own.map(([re, im]) => Math.hypot(re, im))[0];
  return (
    <>
      <PlotMount className="circle-plot" make={circlePlot} props={{palette, own, sequence: sequence?.eigenvalues ?? NONE, label: "Eigenvalues and the unit circle"}} />
      <p className="note">
        Dots: the block of “{tokenLabel(data.names[token])}”, the other tokens held, at step {step}; squares: the whole sequence. Leading modulus {leading === undefined ? "–" : formatNumber(leading)}
        {leading !== undefined && leading < 1 && ": the state contracts"}.
      </p>
    </>
  );
}

const NONE: readonly (readonly [number, number])[] = [];
