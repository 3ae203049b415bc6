interface CountOfProps {
  readonly shown: number;
  /** Those that are there yet. */
  readonly read: number;
  /** Those that there will be. */
  readonly all: number;
}

/** How many lines are shown, of how many, told again when it changes. */
export function CountOf({shown, read, all}: CountOfProps) {
  return (
    <output>
      {shown === read ? read : `${shown} of ${read}`}
      {read < all && `, ${all} in all`}
    </output>
  );
}
