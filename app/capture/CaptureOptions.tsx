import {initKinds, lenses, type InitKind, type Lens} from "../../api/contract/choices.ts";
import type {ModelSummary} from "../../api/contract/contract.ts";
import {useDraft, type Draft} from "./captureDraft.ts";
import type {DraftProblems} from "./draftProblems.ts";
import {OptionList} from "../parts/Select.tsx";
import {NumberField} from "../parts/NumberField.tsx";

const INIT_NAMES: Readonly<Record<InitKind, string>> = {normal: "random (truncated normal)", zero: "zero", constant: "constant"};
const LENS_NAMES: Readonly<Record<Lens, string>> = {coda: "coda (as the model does)", logit: "logit (head only)"};

/** How the prompt is run: steps and initial states in sight, the rest folded away. */
export function CaptureOptions({draft, model, problems}: {draft: Draft; model: ModelSummary | undefined; problems: DraftProblems}) {
  const set = (patch: Partial<Draft>): void => useDraft.setState(patch);
  const sites = model?.sites ?? ["state"];
  const offered = lenses.filter((lens) => model?.lenses.includes(lens) ?? true);
  const toggleSite = (site: string, on: boolean): void =>
    set({sites: on ? [...draft.sites, site] : draft.sites.filter((other) => other !== site)});
  const folded = problems.scale ?? problems.top;
  return (
    <>
      <div className="field-row">
        <NumberField
          label="Steps"
          value={draft.steps}
          problem={problems.steps}
          hint={model && `trained with ${model.mean_recurrence} on average`}
          onChange={(steps) => set({steps})}
        />
        <NumberField
          label="Initial states"
          value={draft.inits}
          problem={problems.inits}
          hint="random starts of the same prompt"
          onChange={(inits) => set({inits})}
        />
        <NumberField label="Seed" value={draft.seed} problem={problems.seed} hint="same seed, same run" onChange={(seed) => set({seed})} />
      </div>
      <details className="more" open={folded !== undefined || undefined}>
        <summary>Initial state, sites, readout</summary>
        <div className="field-row">
          <div className="field">
            <label htmlFor="capture-kind">Initial state</label>
            <select id="capture-kind" value={draft.kind} onChange={({target}) => set({kind: target.value as Draft["kind"]})}>
              <OptionList options={initKinds.map((kind) => [kind, INIT_NAMES[kind]] as const)} />
            </select>
          </div>
          <NumberField label="Scale" value={draft.scale} step="any" problem={problems.scale} onChange={(scale) => set({scale})} />
        </div>
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
        <div className="field-row">
          <label className="check">
            <input type="checkbox" checked={draft.readout} onChange={({target}) => set({readout: target.checked})} /> Decode every step
          </label>
          <div className="field">
            <label htmlFor="capture-lens">Lens</label>
            <select
              id="capture-lens"
              value={draft.lens ?? offered[0]}
              disabled={!draft.readout}
              onChange={({target}) => set({lens: target.value as Lens})}
            >
              <OptionList options={offered.map((lens) => [lens, LENS_NAMES[lens]] as const)} />
            </select>
          </div>
          <NumberField
            label="Top tokens"
            value={draft.top}
            disabled={!draft.readout}
            problem={problems.top}
            onChange={(top) => set({top})}
          />
        </div>
      </details>
    </>
  );
}
