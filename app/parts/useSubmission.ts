import {useEffect, useState, type SyntheticEvent} from "react";

interface Submission {
  /** It was asked for once, so that what is missing may be said. */
  readonly tried: boolean;
  /** Under way, or waiting for what it needs. */
  readonly busy: boolean;
  /** Why the server refused it, until the draft changes. */
  readonly refused: string | undefined;
  readonly submit: (event: SyntheticEvent) => void;
}

interface SubmissionOptions {
  /** Whether all is there that a form needs to be judged; one that is sent before waits for it. */
  readonly ready: boolean;
  /** Sends the draft; undefined where something is wrong with it. */
  readonly send: (() => Promise<void>) | undefined;
}

/** A form that is sent once, when it is ready and nothing is wrong with it. */
export function useSubmission(draft: unknown, {ready, send}: SubmissionOptions): Submission {
  const [tried, setTried] = useState(false);
  const [wanted, setWanted] = useState(false);
  const [sending, setSending] = useState(false);
  const [refused, setRefused] = useState<string>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a refusal, and a wish that waits, are of the draft that was sent
  useEffect(() => {
    setRefused(undefined);
    setWanted(false);
  }, [draft]);
  useEffect(() => {
    if (!wanted || !ready) return;
    setWanted(false);
    if (!send) return;
    setSending(true);
    send()
      .catch((error: Error) => setRefused(error.message))
      .finally(() => setSending(false));
  }, [wanted, ready, send]);
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    setTried(true);
    if (!sending) setWanted(true);
  };
  return {tried, busy: wanted || sending, refused, submit};
}
