import {useEffect, useState} from "react";
import {useRemote, type Remote} from "../source/remote.ts";
import {useSource} from "../source/sourceContext.ts";

const TYPING_PAUSE_MS = 200;

/** The tokens of a prompt, a moment after the typing stops. */
export function useTokens(model: string | undefined, prompt: string): Remote<readonly {id: number; text: string}[]> {
  const source = useSource();
  const [settled, setSettled] = useState(prompt);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(prompt), TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [prompt]);
  return useRemote(async (signal) => (model && settled ? source.tokenise(model, settled, signal) : []), [model, settled]);
}
