import {useMemo, useRef, useState} from "react";
import {counted, type projectionMethods} from "../../api/contract/choices.ts";
import {colouring} from "../plot/colouring.ts";
import {tableCsv} from "../plot/csv.ts";
import {formatNumber, tokenLabel} from "../plot/format.ts";
import type {Spot} from "../plot/spot.ts";
import {trajectoryPlot, type TrajectoryPlot} from "../plot/trajectoryPlot.ts";
import {useRemote} from "../source/remote.ts";
import {useSource} from "../source/sourceContext.ts";
import {usePalette} from "../state/useTheme.ts";
import {Band} from "../parts/Band.tsx";
import {LabelKey} from "../parts/LabelKey.tsx";
import {PanelHead} from "../parts/PanelHead.tsx";
import {PlotMount} from "../parts/PlotMount.tsx";
import {SaveMenu} from "../parts/SaveMenu.tsx";
import {Select} from "../parts/Select.tsx";
import {keptPoints, keptRows, type KeptPoints} from "./keptPoints.ts";

type Method = (typeof projectionMethods)[number];

interface KeptPictureProps {
  readonly id: string;
  /** How many traces were kept. */
  readonly kept: number;
  /** Shows the rows of a prompt. */
  readonly onPrompt: (prompt: number) => void;
}

const TITLE = "Kept traces in one picture";
const METHODS = [
  ["", "not drawn"],
  ["umap", "UMAP"],
  ["pca", "principal components"]
] as const satisfies readonly (readonly [Method | "", string])[];
const AXES: Readonly<Record<Method, readonly [string, string]>> = {umap: ["UMAP 1", "UMAP 2"], pca: ["PC 1", "PC 2"]};

/** The traces that a census kept in one picture, once it is asked for: UMAP of many states takes a while. */
export function KeptPicture({id, kept, onPrompt}: KeptPictureProps) {
  const source = useSource();
  const [method, setMethod] = useState<Method | "">("");
  const picture = useRemote(
    async (signal) => (method === "" ? undefined : keptPoints(await source.censusPicture(id, {method}, signal))),
    ["census picture", id, method]
  );
  const plot = useRef<TrajectoryPlot | null>(null);
  if (kept === 0) return null;
  const found = picture.status === "ready" ? picture.value : undefined;
  const note = found && noteOf(found);
  return (
    <section className="panel-box" aria-label={TITLE}>
      <PanelHead title={TITLE} choices={<Select label="Kept traces drawn as" value={method} options={METHODS} onChange={setMethod} />}>
        {found && note && (
          <SaveMenu
            name={`${id}-kept`}
            title={TITLE}
            note={note}
            pictures={() => (plot.current ? [plot.current.picture()] : [])}
            csv={() => tableCsv(["prompt", "token", "text", "init", "label", "step", "x1", "x2"], [...keptRows(found)])}
          />
        )}
      </PanelHead>
      {picture.status === "failed" && <Band tone="error" text={picture.error.message} />}
      {picture.status === "loading" && method !== "" && <p className="note">Placing the states of {kept} traces …</p>}
      {found && note && method !== "" && <Picture kept={found} axes={AXES[method]} note={note} plot={plot} onPrompt={onPrompt} />}
    </section>
  );
}

/** What is drawn, and how far it can be trusted. */
function noteOf({drawn, kept, points, trustworthiness}: KeptPoints): string {
  const states = points.steps * points.inits * points.tokens;
  const trust = trustworthiness === undefined ? "" : ` Trustworthiness ${formatNumber(trustworthiness)}.`;
  return `${counted(states, "state")} of ${counted(points.tokens, "token")} in ${drawn < kept ? `${drawn} of the ${kept}` : `the ${kept}`} traces that were kept, placed together; coloured by label.${trust}`;
}

const DIMS = [0, 1] as const;
const NONE: readonly number[] = [];

interface PictureProps extends Pick<KeptPictureProps, "onPrompt"> {
  readonly kept: KeptPoints;
  readonly axes: readonly [string, string];
  readonly note: string;
  readonly plot: React.RefObject<TrajectoryPlot | null>;
}

function Picture({kept, axes, note, plot, onPrompt}: PictureProps) {
  const palette = usePalette();
  const [hover, setHover] = useState<Spot>();
  const [chosen, setChosen] = useState(NONE);
  const {points, labelOf, placeOf, texts} = kept;
  const names = useMemo(() => texts.map(tokenLabel), [texts]);
  const colourOf = useMemo(
    () => colouring("label", {palette, lastStep: points.steps - 1, inits: points.inits, labelOf}),
    [palette, points, labelOf]
  );
  const calls = useMemo(
    () => ({
      onHover: (spot: Spot | undefined) => setHover(spot),
      onPick: (spot: Spot | undefined) => {
        setChosen(spot ? [spot.token] : NONE);
        if (spot) onPrompt(placeOf(spot.token).prompt);
      },
      onLasso: (tokens: readonly number[]) => setChosen(tokens)
    }),
    [placeOf, onPrompt]
  );
  const of = hover && placeOf(hover.token);
  const read =
    hover && of
      ? `“${tokenLabel(of.text)}”, token ${of.token} of prompt ${of.prompt}, ${labelOf(hover.init, hover.token)}, step ${hover.step}.`
      : `${note} A click chooses a trajectory and shows the rows of its prompt.`;
  return (
    <>
      <PlotMount
        className="census-picture"
        make={trajectoryPlot}
        plot={plot}
        props={{
          ...{palette, points, names, chosen, hover, colourOf, dims: DIMS, axisTitles: axes, init: undefined, step: points.steps - 1},
          ...{lasso: false, basis: axes[0], ...calls}
        }}
      />
      <div className="legend">
        <LabelKey />
      </div>
      <p className="figure-note">{read}</p>
    </>
  );
}
