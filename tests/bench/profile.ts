/** What Chromium's Profiler gives. */
export interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: {readonly functionName: string};
    readonly children?: readonly number[];
  }[];
  readonly samples?: readonly number[];
  readonly timeDeltas?: readonly number[];
}

interface FunctionTime {
  readonly name: string;
  /** Microseconds in the function itself, and with what it called. */
  readonly self: number;
  readonly whole: number;
}

const NO_WORK = new Set(["(idle)", "(root)"]);

/** Time of every function of a profile, most first; a recursive call counts once. */
export function functionTimes({nodes, samples = [], timeDeltas = []}: Profile): readonly FunctionTime[] {
  const parents = new Map(nodes.flatMap(({id, children = []}) => children.map((child) => [child, id] as const)));
  const names = new Map(nodes.map(({id, callFrame}) => [id, callFrame.functionName || "(anonymous)"]));
  const times = new Map<string, {self: number; whole: number}>();
  const timeOf = (name: string) => times.get(name) ?? times.set(name, {self: 0, whole: 0}).get(name)!;
  for (const [i, sample] of samples.entries()) {
    timeOf(names.get(sample)!).self += timeDeltas[i];
    const called = new Set<string>();
    for (let id: number | undefined = sample; id !== undefined; id = parents.get(id)) called.add(names.get(id)!);
    for (const name of called) timeOf(name).whole += timeDeltas[i];
  }
  return [...times]
    .map(([name, time]) => ({name, ...time}))
    .filter(({name}) => !NO_WORK.has(name))
    .sort((a, b) => b.whole - a.whole);
}
