export interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly (readonly [T, string])[];
  readonly onChange: (value: T) => void;
}

/** One of a few, as a field of a form. */
export function Choice<T extends string>({label, value, options, onChange}: ChoiceProps<T>) {
  return (
    <label className="field">
      {label}
      <select value={value} onChange={({target}) => onChange(target.value as T)}>
        {options.map(([key, text]) => (
          <option key={key} value={key}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
