import type {ReactNode} from "react";

/** Says what is being waited for, in words of its own where it has some; appears only after a moment, so that quick answers do not flash. */
export function Loading({what, children = `Loading ${what} …`}: {what: string; children?: never} | {what?: never; children: ReactNode}) {
  return (
    <main className="loading" aria-busy="true">
      <p>{children}</p>
    </main>
  );
}
