import {initKinds, type InitKind} from "../../api/contract/choices.ts";
import type {ModelSummary} from "../../api/contract/contract.ts";
import {useDraft, type Draft} from "./captureDraft.ts";
import type {DraftProblems} from "./draftProblems.ts";
import {Choice} from "../parts/Choice.tsx";
import {LoopFields} from "../parts/LoopFields.tsx";
import {NumberField} from "../parts/NumberField.tsx";

const INIT_NAMES: Readonly<Record<InitKind, string>> = {normal: "the model’s own", zero: "zero", constant: "constant"};

interface CaptureOptionsProps {
  readonly draft: Draft;
  readonly model: ModelSummary | undefined;
  readonly problems: DraftProblems;
}

/** How the prompt is run: steps and initial states in sight, the rest folded away. */
export function CaptureOptions({draft, model, problems}: CaptureOptionsProps) {
  const set = (patch: Partial<Draft>): void => useDraft.setState(patch);
  const folded = problems.kind ?? problems.scale ?? problems.top;
  return (
    <>
      <div className="field-row">
        <LoopFields draft={draft} model={model} problems={problems} starts={model?.starts} results="run" set={set} />
      </div>
      <details className="more" open={folded !== undefined || undefined}>
        <summary>Initial state, sites, readout</summary>
        <StartFields draft={draft} model={model} problems={problems} set={set} />
        <SiteFields draft={draft} model={model} set={set} />
        <ReadoutFields draft={draft} model={model} problems={problems} set={set} />
      </details>
    </>
  );
}

interface PartProps extends Pick<CaptureOptionsProps, "draft" | "model"> {
  readonly set: (patch: Partial<Draft>) => void;
}

/** What every initial state is made of: only what the model can start from. */
function StartFields({draft, model, problems, set}: PartProps & Pick<CaptureOptionsProps, "problems">) {
  const refusal = model?.not_offered.init_kind;
  const kinds = initKinds.filter((kind) => refusal === undefined || kind === initKinds[0] || kind === draft.kind);
  return (
    <div className="field-row">
      <Choice
        label="Initial state"
        value={draft.kind}
        options={kinds.map((kind) => [kind, INIT_NAMES[kind]] as const)}
        problem={problems.kind}
        hint={refusal && `no other: ${refusal}`}
        onChange={(kind) => set({kind})}
      />
      <NumberField label="Scale" value={draft.scale} step="any" problem={problems.scale} onChange={(scale) => set({scale})} />
    </div>
  );
}

function SiteFields({draft, model, set}: PartProps) {
  const sites = model?.sites ?? ["state"];
  const toggleSite = (site: string, on: boolean): void =>
    set({sites: on ? [...draft.sites, site] : draft.sites.filter((other) => other !== site)});
  return (
    <fieldset className="sites">
      <legend>Sites to keep</legend>
      {sites.map((site) => (
        <label key={site}>
          <input
            type="checkbox"
            checked={site === "state" || draft.sites.includes(site)}
            disabled={site === "state"}
            onChange={({target}) => toggleSite(site, target.checked)}
          />{" "}
          {site}
        </label>
      ))}
    </fieldset>
  );
}

/** What each step would say, through one of the model's lenses. */
function ReadoutFields({draft, model, problems, set}: PartProps & Pick<CaptureOptionsProps, "problems">) {
  const offered = model?.lenses ?? [];
  const lens = draft.lens !== undefined && offered.includes(draft.lens) ? draft.lens : (offered[0] ?? "");
  return (
    <div className="field-row">
      <label className="check">
        <input type="checkbox" checked={draft.readout} onChange={({target}) => set({readout: target.checked})} /> Decode every step
      </label>
      <Choice
        label="Lens"
        value={lens}
        options={offered.map((name, i) => [name, i === 0 ? `${name} (as the model does)` : name] as const)}
        disabled={!draft.readout}
        hint={model?.lens_formulas[lens]}
        onChange={(name) => set({lens: name})}
      />
      <NumberField label="Top tokens" value={draft.top} disabled={!draft.readout} problem={problems.top} onChange={(top) => set({top})} />
    </div>
  );
}
