import {useEffect, useMemo, useState} from "react";
import type {LabelCounts, ListedRun} from "../../api/contract/contract.ts";
import {useSource} from "../source/sourceContext.ts";

/** What is known of a run's labels: their counts, or why there are none. Runs that are still to be counted are not there. */
export type KnownLabels = ReadonlyMap<string, LabelCounts | {readonly error: string}>;

const found = new Map<string, LabelCounts>(); // by run and how far it came: the list is opened often

const keyOf = ({id, created, steps_written}: ListedRun): string => `${id} ${created} ${steps_written}`;

const sizeOf = ({steps_written, inits, tokens, width}: ListedRun): number => steps_written * inits * tokens * width;

/** The labels of the runs in a list: those that came with it, and one run after the other those that the server has to work out. */
export function useRunLabels(runs: readonly ListedRun[]): KnownLabels {
  const source = useSource();
  const [counted, setCounted] = useState<KnownLabels>(new Map());
  const waiting = runs.filter((run) => !run.live && run.steps_written > 0 && !run.labels && !found.has(keyOf(run)) && !counted.has(run.id));
  const next = waiting.toSorted((a, b) => sizeOf(a) - sizeOf(b))[0]; // what is soon there comes first
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is what tells one run from the next; lists are made anew
  useEffect(() => {
    if (!next) return;
    const controller = new AbortController();
    source.labels(next.id, controller.signal).then(
      (labels) => {
        found.set(keyOf(next), labels);
        setCounted((before) => new Map(before).set(next.id, labels));
      },
      (error: Error) => {
        if (!controller.signal.aborted) setCounted((before) => new Map(before).set(next.id, {error: error.message}));
      }
    );
    return () => controller.abort();
  }, [source, next && keyOf(next)]);
  return useMemo(() => {
    const known = new Map(counted);
    for (const run of runs) {
      const labels = run.labels ?? found.get(keyOf(run));
      if (labels) known.set(run.id, labels);
    }
    return known;
  }, [runs, counted]);
}
