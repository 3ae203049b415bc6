import type {ReactNode} from "react";
import {methodId} from "../../api/contract/choices.ts";

/** To the text of a method, by its title or by a measure's name, in a tab of its own: the view stays as it is. */
export function MethodLink({of, children}: {of: string; children?: ReactNode}) {
  return (
    <a className="method-link" href={`?methods#${methodId(of)}`} target="_blank" rel="noopener" title={`How it is measured: ${of}`}>
      {children ?? "how it is measured"}
    </a>
  );
}
