export interface SelectProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly (readonly [T, string])[];
  readonly onChange: (value: T) => void;
  readonly showLabel?: boolean;
}

/** The choices of a list, each with its text. */
export function OptionList({options}: {readonly options: readonly (readonly [string, string])[]}) {
  return options.map(([key, text]) => (
    <option key={key} value={key}>
      {text}
    </option>
  ));
}

/** The browser's own list of choices, with its name. */
export function Select<T extends string>({label, value, options, onChange, showLabel = false}: SelectProps<T>) {
  return (
    <label className="select">
      {showLabel && <span>{label}</span>}
      <select aria-label={label} value={value} onChange={({target}) => onChange(target.value as T)}>
        <OptionList options={options} />
      </select>
    </label>
  );
}
