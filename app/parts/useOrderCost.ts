import {useEffect, useState} from "react";
import {useRemote, type Remote} from "../source/remote.ts";

const PAUSE_MS = 400; // while somebody types

/** What the server counts that an order would take, whatever its title; asked once nothing has changed for a while. `name` is the answer's among those that are kept. */
export function useOrderCost<Order extends {readonly title?: string}, Cost>(
  name: string,
  order: Order | undefined,
  ask: (order: Order, signal: AbortSignal) => Promise<Cost>
): Remote<Cost | undefined> {
  const text = order && JSON.stringify({...order, title: undefined});
  const [asked, setAsked] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return useRemote(async (signal) => (asked === undefined ? undefined : ask(JSON.parse(asked) as Order, signal)), [name, asked ?? ""]);
}
