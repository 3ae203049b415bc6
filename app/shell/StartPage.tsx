import {useEffect} from "react";
import {useRemote} from "../source/remote.ts";
import {useSource} from "../source/sourceContext.ts";
import {go} from "../state/store.ts";
import {firstVisit} from "../state/visits.ts";
import {Loading} from "../parts/Loading.tsx";
import {RunsPage} from "../runs/RunsPage.tsx";

/** An address that asks for nothing: the first visit opens the example run, every later one the list. */
export function StartPage() {
  const source = useSource();
  const isFirst = firstVisit();
  const runs = useRemote((signal) => source.runs(signal), ["start"]);
  const example = runs.status === "ready" && isFirst ? runs.value.runs.find((run) => run.example) : undefined;
  useEffect(() => {
    if (example) go({run: example.id}, {replace: true});
  }, [example]);
  if (isFirst && (runs.status === "loading" || example)) return <Loading what="the example run" />;
  return <RunsPage />;
}
