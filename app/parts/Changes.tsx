import type {ReactNode} from "react";
import {useStore} from "../state/store.ts";

/** What changes something: there only for those whom the server lets, and where it is somebody's, for its owner. */
export function Changes({owner = null, children}: {owner?: string | null; children: ReactNode}) {
  const visitor = useStore(({server}) => server?.visitor);
  const isOthers = owner !== null && visitor !== undefined && visitor.name !== null && visitor.name !== owner;
  return visitor?.read_only || isOthers ? null : children;
}
