import {useEffect, useState} from "react";

/** Counts up while `running`, once in `everyMs`: for what the server does not tell by itself. */
export function useClock(running: boolean, everyMs: number): number {
  const [ticks, setTicks] = useState(0);
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => setTicks((count) => count + 1), everyMs);
    return () => clearInterval(timer);
  }, [running, everyMs]);
  return ticks;
}
