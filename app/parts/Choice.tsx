import {OptionList, type SelectProps} from "./Select.tsx";

/** One of a few, as a field of a form. */
export function Choice<T extends string>({label, value, options, onChange}: Omit<SelectProps<T>, "showLabel">) {
  return (
    <label className="field">
      {label}
      <select value={value} onChange={({target}) => onChange(target.value as T)}>
        <OptionList options={options} />
      </select>
    </label>
  );
}
