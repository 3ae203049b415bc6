import {createContext, useContext} from "react";
import type {Source} from "./Source.ts";

export const SourceContext = createContext<Source | undefined>(undefined);

export function useSource(): Source {
  const source = useContext(SourceContext);
  if (!source) throw new Error("missing source: wrap the page in SourceContext");
  return source;
}
