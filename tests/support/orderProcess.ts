import {answerOrders} from "../../capture/service/answerOrders.ts";
import {TraceFormatError} from "../../capture/trace/safetensorsHeader.ts";

/** A child that does what it is told, for the tests of childPool.ts. */
export type TestOrder =
  | {readonly do: "echo"; readonly value: number}
  | {readonly do: "wait"; readonly ms: number}
  | {readonly do: "spin"}
  | {readonly do: "eat"; readonly bytes: number}
  | {readonly do: "die"}
  | {readonly do: "refuse" | "bug"}
  | {readonly do: "match"; readonly pattern: string; readonly text: string};

answerOrders<TestOrder, number, string>(
  async (order, {signal, tell}) => {
    tell(`doing ${order.do}`);
    switch (order.do) {
      case "echo":
        return order.value;
      case "wait":
        return new Promise((resolve, reject) => {
          setTimeout(() => resolve(process.pid), order.ms);
          signal.addEventListener("abort", () => reject(new Error("left")));
        });
      case "spin":
        for (;;);
      case "match":
        return new RegExp(order.pattern).test(order.text) ? 1 : 0;
      case "eat": {
        const eaten: Uint8Array[] = [];
        for (;;) {
          eaten.push(new Uint8Array(order.bytes).fill(1));
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }
      case "die":
        process.kill(process.pid, "SIGKILL");
        return 0;
      case "refuse":
        throw new TraceFormatError("missing tokens", {cause: new Error("the cause")});
      case "bug":
        throw new TypeError("x is not a function");
    }
  },
  {finishes: true}
);
