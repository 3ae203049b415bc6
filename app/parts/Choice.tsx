import {useId} from "react";
import {OptionList, type SelectProps} from "./Select.tsx";

interface ChoiceProps<T extends string> extends Omit<SelectProps<T>, "showLabel"> {
  readonly problem?: string;
  readonly hint?: string;
  readonly disabled?: boolean;
}

/** One of a few, as a field of a form: what is wrong with it, or what it means. */
export function Choice<T extends string>({label, value, options, onChange, problem, hint, disabled = false}: ChoiceProps<T>) {
  const id = useId();
  const about = problem ?? hint;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        value={value}
        disabled={disabled}
        aria-invalid={problem !== undefined}
        aria-describedby={about === undefined ? undefined : `${id}-about`}
        onChange={({target}) => onChange(target.value as T)}
      >
        <OptionList options={options} />
      </select>
      {about !== undefined && (
        <p id={`${id}-about`} className={problem ? "problem" : "hint"}>
          {about}
        </p>
      )}
    </div>
  );
}
