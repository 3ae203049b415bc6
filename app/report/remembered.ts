/** The function, computed anew only when one of its arguments is another than the last time: plots draw anew what is not the same object. */
export function remembered<Arguments extends readonly unknown[], Value>(
  compute: (...given: Arguments) => Value
): (...given: Arguments) => Value {
  let last: {readonly given: Arguments; readonly value: Value} | undefined;
  return (...given) => {
    if (!last || given.some((argument, i) => argument !== last?.given[i])) last = {given, value: compute(...given)};
    return last.value;
  };
}
