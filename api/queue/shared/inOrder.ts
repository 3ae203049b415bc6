/** Takes results in the order of the list, whatever order they come in. */
export function inOrder<T>(
  list: readonly number[],
  take: (index: number, answer: T) => Promise<void>
): (index: number, answer: T) => Promise<void> {
  const early = new Map<number, T>();
  let next = 0;
  let turn: Promise<void> = Promise.resolve();
  return (index, answer) => {
    early.set(index, answer);
    turn = turn.then(async () => {
      for (; next < list.length && early.has(list[next]); ++next) {
        await take(list[next], early.get(list[next])!);
        early.delete(list[next]);
      }
    });
    return turn;
  };
}
