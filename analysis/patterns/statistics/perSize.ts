import {lasting} from "../../kernel/memory.ts";

const MOST = 16; // sizes: windows of one run's paths have a handful

/** What depends on the number of states only, made once for each; the earliest made are forgotten first. */
export function perSize<T>(make: (size: number) => T): (size: number) => T {
  const known = new Map<number, T>();
  return (size) => {
    let found = known.get(size);
    if (found === undefined) {
      found = lasting(() => make(size));
      if (known.size >= MOST) known.delete(known.keys().next().value!);
      known.set(size, found);
    }
    return found;
  };
}
