import {componentBounds} from "../../../api/contract/choices.ts";
import type {RunData} from "../runData.ts";
import {go, useStore} from "../../state/store.ts";
import type {Colouring, Fit, Picture} from "../../state/view.ts";
import {Select} from "../../parts/Select.tsx";

const COLOURS: readonly (readonly [Colouring, string])[] = [
  ["step", "step"],
  ["logstep", "step, log"],
  ["token", "token"],
  ["init", "init"],
  ["label", "label"],
  ["entropy", "entropy"],
  ["kl", "KL"]
];
const FITS: readonly (readonly [Fit, string])[] = [
  ["all", "all tokens"],
  ["chosen", "chosen tokens"],
  ["token", "each about its mean"]
];
const JOINT = ["joint", "all runs"] as const;
const SHOWN: readonly {name: string; title: string; picture: Picture; pair?: readonly [number, number]}[] = [
  {name: "PC 1–2", title: "Components 1 and 2 (1)", picture: "plane", pair: [0, 1]},
  {name: "3–4", title: "Components 3 and 4 (2)", picture: "plane", pair: [2, 3]},
  {name: "5–6", title: "Components 5 and 6 (3)", picture: "plane", pair: [4, 5]},
  {name: "Rotations", title: "Six components, each trajectory about its own mean (r)", picture: "rotations"},
  {name: "3-D", title: "Components 1 to 3 (3-D)", picture: "space"},
  {name: "Waterfall", title: "Components 1 and 2, token by token (w)", picture: "waterfall"},
  {name: "UMAP", title: "Neighbourhoods in two dimensions (u)", picture: "umap"}
];

/** What is projected, on what, and what the colours mean. */
export function ProjectionControls({data}: {data: RunData}) {
  const view = useStore((state) => state.view);
  const inits = data.trace.inits.length;
  const component = (axis: 0 | 1): readonly (readonly [string, string])[] =>
    Array.from({length: componentBounds.most}, (_, k) => [String(k), `PC${k + 1}`] as const).filter(
      ([key]) => Number(key) !== view.pair[1 - axis]
    );
  const setComponent = (axis: 0 | 1, k: string): void => go({pair: axis === 0 ? [Number(k), view.pair[1]] : [view.pair[0], Number(k)]});
  return (
    <div className="controls" role="group" aria-label="Projection">
      <div className="segments" role="group" aria-label="Picture">
        {SHOWN.map(({name, title, picture, pair}) => (
          <button
            key={name}
            type="button"
            aria-pressed={view.picture === picture && (!pair || (view.pair[0] === pair[0] && view.pair[1] === pair[1]))}
            title={title}
            onClick={() => go(pair ? {picture, pair} : {picture})}
          >
            {name}
          </button>
        ))}
      </div>
      {view.picture === "plane" && (
        <span className="pair">
          <Select label="Horizontal component" value={String(view.pair[0])} options={component(0)} onChange={(k) => setComponent(0, k)} />
          <span aria-hidden="true">×</span>
          <Select label="Vertical component" value={String(view.pair[1])} options={component(1)} onChange={(k) => setComponent(1, k)} />
        </span>
      )}
      {view.picture !== "rotations" && view.picture !== "umap" && (
        <Select
          showLabel
          label="fit"
          value={view.fit === "joint" && view.others.length === 0 ? "all" : view.fit}
          options={view.others.length ? [...FITS, JOINT] : FITS}
          onChange={(fit) => go({fit})}
        />
      )}
      <Select
        showLabel
        label="colour"
        value={view.colour}
        options={COLOURS.filter(([key]) => data.readout || (key !== "entropy" && key !== "kl"))}
        onChange={(colour) => go({colour})}
      />
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
    </div>
  );
}
