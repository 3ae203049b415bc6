import {useEffect, useId, useState} from "react";

interface NumberFieldProps {
  readonly label: string;
  readonly value: number;
  readonly onChange: (value: number) => void;
  readonly problem?: string;
  readonly hint?: string;
  readonly step?: "any";
  readonly disabled?: boolean;
}

/** A number as it is typed: an empty or half-written one is NaN to the rest of the form. */
export function NumberField({label, value, onChange, problem, hint, step, disabled = false}: NumberFieldProps) {
  const id = useId();
  const [text, setText] = useState(Number.isNaN(value) ? "" : String(value));
  useEffect(() => {
    if (!Number.isNaN(value)) setText((typed) => (Number(typed) === value ? typed : String(value)));
  }, [value]);
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        inputMode={step === "any" ? "decimal" : "numeric"}
        value={text}
        disabled={disabled}
        aria-invalid={problem !== undefined}
        aria-describedby={`${id}-about`}
        onChange={({target}) => {
          setText(target.value);
          onChange(target.value.trim() === "" ? NaN : Number(target.value));
        }}
      />
      <p id={`${id}-about`} className={problem ? "problem" : "hint"}>
        {problem ?? hint}
      </p>
    </div>
  );
}
