import type {ModelSummary} from "../../api/contract/contract.ts";
import {useDraft, type Draft} from "./captureDraft.ts";
import {editProblem, newEdit, OP_FIELDS, OPS, type EditDraft, type EditRefusals, type Op} from "./edits.ts";
import {useRemote} from "../source/remote.ts";
import {useSource} from "../source/sourceContext.ts";
import {Choice} from "../parts/Choice.tsx";
import {NumberField} from "../parts/NumberField.tsx";

/** Changes to the states while the capture runs: ablation, shifts, patches, another input, noise. */
export function EditFields({draft, model, tried}: {draft: Draft; model: ModelSummary | undefined; tried: boolean}) {
  const set = (edits: readonly EditDraft[]): void => useDraft.setState({edits});
  const change = (i: number, patch: Partial<EditDraft>): void => set(draft.edits.map((edit, k) => (k === i ? {...edit, ...patch} : edit)));
  const refusals: EditRefusals = model?.not_offered ?? {};
  const refused = OPS.filter((op) => refusals[op] !== undefined);
  return (
    <fieldset className="edits">
      <legend>Changes while it runs</legend>
      {draft.edits.map((edit, i) => (
        <EditRow
          key={i}
          edit={edit}
          problem={tried ? editProblem(edit, draft.steps, refusals) : undefined}
          sites={model?.sites ?? ["state"]}
          ops={OPS.filter((op) => op === edit.op || !refused.includes(op))}
          onChange={(patch) => change(i, patch)}
          onRemove={() => set(draft.edits.filter((_, k) => k !== i))}
        />
      ))}
      <button type="button" onClick={() => set([...draft.edits, newEdit])}>
        Add a change
      </button>
      {refused.length > 0 && (
        <p className="hint">Not with this model: {refused.map((op) => `${OP_FIELDS[op].name} (${refusals[op]})`).join("; ")}.</p>
      )}
    </fieldset>
  );
}

interface EditRowProps {
  readonly edit: EditDraft;
  readonly problem: string | undefined;
  readonly sites: readonly string[];
  /** The changes that the model can be asked. */
  readonly ops: readonly Op[];
  readonly onChange: (patch: Partial<EditDraft>) => void;
  readonly onRemove: () => void;
}

function EditRow({edit, problem, sites, ops, onChange, onRemove}: EditRowProps) {
  const {fields, amount} = OP_FIELDS[edit.op];
  const has = (field: keyof EditDraft): boolean => fields.includes(field);
  return (
    <div className="edit" role="group" aria-label={OP_FIELDS[edit.op].name}>
      <div className="field-row">
        <Choice
          label="Change"
          value={edit.op}
          options={ops.map((op) => [op, OP_FIELDS[op].name] as const)}
          onChange={(op) => onChange({op})}
        />
        {has("site") && (
          <Choice
            label="Site"
            value={edit.site}
            options={sites.map((site) => [site, site] as const)}
            onChange={(site) => onChange({site})}
          />
        )}
        {has("run") && <RunChoice value={edit.run} onChange={(run) => onChange({run})} />}
      </div>
      <div className="field-row">
        {has("step") && (
          <NumberField
            label={edit.op === "swap_input" || edit.op === "freeze" ? "From step" : "At step"}
            value={edit.step}
            onChange={(step) => onChange({step})}
          />
        )}
        {has("tokens") && (
          <label className="field">
            Tokens
            <input value={edit.tokens} placeholder="all" onChange={({target}) => onChange({tokens: target.value})} />
          </label>
        )}
        {has("amount") && amount && (
          <NumberField label={amount} value={edit.amount} step="any" onChange={(value) => onChange({amount: value})} />
        )}
        {has("prompt") && (
          <label className="field">
            Other prompt, as many tokens
            <input value={edit.prompt} onChange={({target}) => onChange({prompt: target.value})} />
          </label>
        )}
        <button type="button" className="quiet" onClick={onRemove}>
          Remove
        </button>
      </div>
      {problem && <p className="problem">{problem}</p>}
    </div>
  );
}

function RunChoice({value, onChange}: {value: string; onChange: (run: string) => void}) {
  const source = useSource();
  const list = useRemote((signal) => source.runs(signal), ["runs to patch from"]);
  const runs = list.status === "ready" ? list.value.runs : [];
  return (
    <Choice
      label="Run"
      value={value}
      options={[["", "choose a run"] as const, ...runs.map(({id, title}) => [id, title] as const)]}
      onChange={onChange}
    />
  );
}
