import {componentBounds, MEASURES} from "../../../api/contract/choices.ts";
import type {RunData} from "../runData.ts";
import {COLOUR_MEASURES} from "../useColouring.ts";
import {useSource} from "../../source/sourceContext.ts";
import {go, useStore} from "../../state/store.ts";
import type {Colouring, Fit, Picture, View} from "../../state/view.ts";
import {Popover} from "../../parts/Popover.tsx";
import {Select} from "../../parts/Select.tsx";

const COLOURS: readonly (readonly [Colouring, string])[] = [
  ["logstep", "step, log"],
  ["step", "step"],
  ["token", "token"],
  ["init", "init"],
  ["label", "label"],
  ...(["entropy", "kl"] as const).map((colour) => [colour, MEASURES[COLOUR_MEASURES[colour]![0]].name] as const)
];
const FITS: readonly (readonly [Fit, string])[] = [
  ["all", "all tokens"],
  ["chosen", "chosen tokens"],
  ["token", "each about its mean"]
];
const JOINT = ["joint", "all runs"] as const;
const SHOWN: readonly {name: string; title: string; picture: Picture}[] = [
  {name: "Pattern", title: "What the label says: orbit plane, slider's line or approach, of the chosen token (p)", picture: "portrait"},
  {name: "PCA", title: "All trajectories in two principal components (1, 2, 3)", picture: "plane"},
  {name: "Rotations", title: "Six components, each trajectory about its own mean (r)", picture: "rotations"},
  {name: "3-D", title: "Components 1 to 3 (3-D)", picture: "space"},
  {name: "Waterfall", title: "Components 1 and 2, token by token (w)", picture: "waterfall"},
  {name: "UMAP", title: "Neighbourhoods in two dimensions (u)", picture: "umap"}
];

/** What is projected, on what, and what the colours mean: the pictures in a row, the rest in a box. `picture` is the one on the screen. */
export function ProjectionControls({data, picture, hasPortrait}: {data: RunData; picture: Picture; hasPortrait: boolean}) {
  return (
    <div className="controls" role="group" aria-label="Projection">
      <div className="segments" role="group" aria-label="Picture">
        {SHOWN.map(({name, title, picture: own}) => (
          <button
            key={name}
            type="button"
            aria-pressed={picture === own}
            aria-disabled={own === "portrait" && !hasPortrait}
            title={own === "portrait" && !hasPortrait ? "Choose one token that has a label" : title}
            onClick={() => (own !== "portrait" || hasPortrait) && go({picture: own})}
          >
            {name}
          </button>
        ))}
      </div>
      <Popover label="Options" title="Components, fit, colours, site and init">
        <Options data={data} picture={picture} />
      </Popover>
    </div>
  );
}

function Options({data, picture}: {data: RunData; picture: Picture}) {
  const {kept} = useSource();
  const fits = FITS.filter(([fit]) => !kept || kept.fits.includes(fit));
  const view = useStore((state) => state.view);
  const inits = data.trace.inits.length;
  return (
    <>
      {picture === "plane" && <Components pair={view.pair} />}
      {picture !== "portrait" && picture !== "rotations" && picture !== "umap" && (
        <Select
          showLabel
          label="fit"
          value={view.fit === "joint" && view.others.length === 0 ? "all" : view.fit}
          options={view.others.length ? [...fits, JOINT] : fits}
          onChange={(fit) => go({picture, fit}, {replace: true})}
        />
      )}
      {picture !== "portrait" && (
        <Select
          showLabel
          label="colour"
          value={view.colour}
          options={COLOURS.filter(([key]) => data.readout || !COLOUR_MEASURES[key])}
          onChange={(colour) => go({colour}, {replace: true})}
        />
      )}
      {data.sites.length > 1 && (
        <Select
          showLabel
          label="site"
          value={view.site}
          options={data.sites.map((site) => [site, site] as const)}
          onChange={(site) => go({site})}
        />
      )}
      {inits > 1 && (
        <Select
          showLabel
          label="init"
          value={view.init === undefined ? "all" : String(view.init)}
          options={[
            ["all", `all ${inits}`] as const,
            ...Array.from({length: inits}, (_, init) => [String(init), String(init + 1)] as const)
          ]}
          onChange={(init) => go({init: init === "all" ? undefined : Number(init)})}
        />
      )}
    </>
  );
}

/** Which two components lie on the axes. */
function Components({pair}: Pick<View, "pair">) {
  const most = useSource().kept?.components ?? componentBounds.most;
  const options = (axis: 0 | 1): readonly (readonly [string, string])[] =>
    Array.from({length: most}, (_, k) => [String(k), `PC${k + 1}`] as const).filter(([key]) => Number(key) !== pair[1 - axis]);
  const set = (axis: 0 | 1, k: string): void =>
    go({picture: "plane", pair: axis === 0 ? [Number(k), pair[1]] : [pair[0], Number(k)]}, {replace: true});
  return (
    <span className="pair">
      <Select label="Horizontal component" value={String(pair[0])} options={options(0)} onChange={(k) => set(0, k)} />
      <span aria-hidden="true">×</span>
      <Select label="Vertical component" value={String(pair[1])} options={options(1)} onChange={(k) => set(1, k)} />
    </span>
  );
}
