import {TextField} from "../parts/TextField.tsx";
import {namesOf, toggled} from "./evaluationDraft.ts";

interface NamesFieldProps {
  readonly label: string;
  readonly value: string;
  readonly problem: string | undefined;
  readonly hint: string;
  readonly offered: readonly (readonly [name: string, about: string])[];
  readonly onChange: (value: string) => void;
}

/** A list of names, written or chosen from those that are known. */
export function NamesField({label, value, problem, hint, offered, onChange}: NamesFieldProps) {
  const chosen = namesOf(value);
  return (
    <div className="names-field">
      <TextField label={label} value={value} problem={problem} hint={hint} onChange={onChange} />
      <fieldset className="names-offered">
        <legend className="visually-hidden">{label} to choose from</legend>
        {offered.map(([name, about]) => (
          <label key={name} className="check" title={about}>
            <input type="checkbox" checked={chosen.includes(name)} onChange={() => onChange(toggled(value, name))} /> {name}
          </label>
        ))}
      </fieldset>
    </div>
  );
}
