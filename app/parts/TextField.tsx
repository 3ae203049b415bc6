import {useId} from "react";

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly problem?: string;
  readonly hint?: string;
}

/** A line of text with its name, and what is wrong with it or what it is for. */
export function TextField({label, value, onChange, problem, hint}: TextFieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        value={value}
        aria-invalid={problem !== undefined}
        aria-describedby={`${id}-about`}
        onChange={({target}) => onChange(target.value)}
      />
      <p id={`${id}-about`} className={problem ? "problem" : "hint"}>
        {problem ?? hint}
      </p>
    </div>
  );
}
