import {freezeStrategies} from "../../api/contract/choices.ts";
import {NumberField} from "../parts/NumberField.tsx";
import {OptionList} from "../parts/Select.tsx";
import {useGenerateDraft, type GenerateDraft, type GenerateProblems} from "./generateDraft.ts";

interface DiffuseFieldsProps {
  readonly draft: GenerateDraft;
  readonly problems: GenerateProblems;
  /** Why the model cannot be decoded so; undefined where it can. */
  readonly refusal: string | undefined;
}

/** Diffusion-style decoding: on or off, and how; under the reference's names. */
export function DiffuseFields({draft, problems, refusal}: DiffuseFieldsProps) {
  const set = (patch: Partial<GenerateDraft>): void => useGenerateDraft.setState(patch);
  const number = (
    label: string,
    field: "innerRecurrence" | "headway" | "exitT" | "maxWavefront" | "emaEmbeds" | "noiseMixing",
    hint?: string
  ) => (
    <NumberField
      label={label}
      value={draft[field]}
      step={field === "exitT" || field === "emaEmbeds" || field === "noiseMixing" ? "any" : undefined}
      disabled={!draft.diffuse || (field === "exitT" && !draft.freezeStrategy.startsWith("latent"))}
      problem={problems[field]}
      hint={hint}
      onChange={(value) => set({[field]: value})}
    />
  );
  if (refusal !== undefined && !draft.diffuse) return <p className="hint">{refusal}.</p>;
  return (
    <div className="field-row">
      <label className="check">
        <input type="checkbox" checked={draft.diffuse} onChange={({target}) => set({diffuse: target.checked})} /> Diffuse: a wavefront
      </label>
      {number("Inner recurrence", "innerRecurrence", "steps an iteration")}
      {number("Headway", "headway", "new positions an iteration")}
      <div className="field">
        <label htmlFor="generate-freeze">Freeze by</label>
        <select
          id="generate-freeze"
          value={draft.freezeStrategy}
          disabled={!draft.diffuse}
          onChange={({target}) => set({freezeStrategy: target.value as GenerateDraft["freezeStrategy"]})}
        >
          <OptionList options={freezeStrategies.map((name) => [name, name] as const)} />
        </select>
      </div>
      {number("Freeze below", "exitT")}
      {number("Longest wavefront", "maxWavefront", "0 for no bound")}
      {number("Momentum of inputs", "emaEmbeds")}
      {number("Noise in states", "noiseMixing")}
      <label className="check">
        <input
          type="checkbox"
          checked={draft.dampened}
          disabled={!draft.diffuse}
          onChange={({target}) => set({dampened: target.checked})}
        />{" "}
        Less noise with depth
      </label>
    </div>
  );
}
