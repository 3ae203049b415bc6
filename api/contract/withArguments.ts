/** Labels with the arguments and evidence that are kept beside them, in the same order. */
export const withArguments = <Answer extends object, Summary>(
  {tokens, summary}: {readonly tokens: readonly Answer[]; readonly summary: Summary},
  kept: {readonly tokens: readonly Partial<Answer>[]}
): {tokens: Answer[]; summary: Summary} => ({tokens: tokens.map((answer, i) => ({...answer, ...kept.tokens[i]})), summary});
