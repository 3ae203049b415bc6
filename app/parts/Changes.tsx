import type {ReactNode} from "react";
import {useStore} from "../state/store.ts";

/** Whether the page's user may change something: guests may nothing, and what is somebody's is its owner's alone. */
export function useMayChange(owner: string | null): boolean {
  const visitor = useStore(({server}) => server?.visitor);
  const isOthers = owner !== null && visitor !== undefined && visitor.name !== null && visitor.name !== owner;
  return !visitor?.read_only && !isOthers;
}

/** What changes something: there only for those who may. */
export function Changes({owner = null, children}: {owner?: string | null; children: ReactNode}) {
  return useMayChange(owner) ? children : null;
}
