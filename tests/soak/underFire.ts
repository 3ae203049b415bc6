const LONGEST_MS = 12_000; // between two kills: who was started again has mostly come to its work

interface Fire<Victim extends string> {
  /** How each is killed and started again. */
  readonly kill: Readonly<Record<Victim, () => Promise<void>>>;
  readonly random: () => number;
  /** How often somebody is killed. */
  readonly most: number;
}

/** Kills somebody at every seeded moment until what `over` then gives has come to its end; how often each was killed, and what it came to. */
export async function underFire<Victim extends string, T>(
  over: () => Promise<T>,
  {kill, random, most}: Fire<Victim>
): Promise<{readonly kills: Record<Victim, number>; readonly found: T}> {
  const victims = Object.keys(kill) as Victim[];
  const kills = Object.fromEntries(victims.map((victim) => [victim, 0])) as Record<Victim, number>;
  for (;;) {
    const end = over().then((found) => ({found}));
    const pause = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), random() * LONGEST_MS));
    const ended = await Promise.race([end, pause]);
    if (ended) return {kills, found: ended.found};
    if (killed(kills) >= most) continue;
    const victim = victims[Math.floor(random() * victims.length)];
    kills[victim] += 1;
    await kill[victim]();
  }
}

/** How many kills these are together. */
export const killed = (kills: Readonly<Record<string, number>>): number => Object.values(kills).reduce((sum, count) => sum + count, 0);
