import {useEffect, useState} from "react";

/** How often the reader came back to this window: what another one changed meanwhile is asked for again with it. */
export function useReturns(): number {
  const [returns, setReturns] = useState(0);
  useEffect(() => {
    const back = (): void => setReturns((count) => count + 1);
    addEventListener("focus", back);
    return () => removeEventListener("focus", back);
  }, []);
  return returns;
}
