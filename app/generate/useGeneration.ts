import {useRef, useState} from "react";
import type {GenerationResult, MadeToken, ShownRow} from "../../api/contract/contract.ts";
import type {GenerateOrder} from "../source/Source.ts";
import {useSource} from "../source/sourceContext.ts";

/** A text that is made, or was: what there is of it so far. */
export interface Generation {
  readonly order: GenerateOrder;
  /** Steps that the model was trained with. */
  readonly trained: number;
  readonly text: string;
  readonly tokens: readonly MadeToken[];
  /** Where its wavefront was, iteration by iteration; empty without one. */
  readonly wave: readonly ShownRow[];
  readonly result?: GenerationResult;
  readonly error?: string;
}

interface GenerationControl {
  readonly generation: Generation | undefined;
  readonly busy: boolean;
  start(order: GenerateOrder, trained: number): Promise<void>;
  cancel(): void;
}

/** One generation at a time; a new one ends the one before. */
export function useGeneration(): GenerationControl {
  const source = useSource();
  const [generation, setGeneration] = useState<Generation>();
  const abort = useRef<AbortController>(undefined);
  const busy = generation !== undefined && !generation.result && generation.error === undefined;
  return {
    generation,
    busy,
    async start(order, trained) {
      abort.current?.abort();
      const own = new AbortController();
      abort.current = own;
      setGeneration({order, trained, text: "", tokens: [], wave: []});
      const change = (changed: (before: Generation) => Partial<Generation>) => {
        if (abort.current === own) setGeneration((before) => before && {...before, ...changed(before)});
      };
      try {
        const result = await source.generate(order, {
          signal: own.signal,
          onNews: (news) =>
            change(({tokens, wave}) => ("wave" in news ? {wave: [...wave, news.wave]} : {text: news.text, tokens: [...tokens, news.token]}))
        });
        change(() => ({result, text: result.text, tokens: result.tokens}));
      } catch (error) {
        change(() => ({error: own.signal.aborted ? "stopped" : (error as Error).message}));
      }
    },
    cancel: () => abort.current?.abort()
  };
}
