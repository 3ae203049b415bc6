import type {Gestures} from "./figure.ts";
import type {ReportStore} from "./reportView.ts";

/** Whatever in the document names a token or a prompt (`data-token`) chooses it; gives the function that marks those chosen. */
export function selectable(count: number, store: ReportStore, gestures: Gestures): () => void {
  const nodes = [...document.querySelectorAll<HTMLElement>("[data-token]")]
    .map((node) => ({node, token: Number(node.dataset.token)}))
    .filter(({token}) => token < count);
  for (const {node, token} of nodes) {
    const pick = (event: MouseEvent | KeyboardEvent): void =>
      gestures.pick(token, {extend: event.shiftKey || event.metaKey || event.ctrlKey});
    node.addEventListener("click", pick);
    if (node.classList.contains("token")) makeButton(node, token, pick);
  }

  function makeButton(node: HTMLElement, token: number, pick: (event: KeyboardEvent) => void): void {
    node.setAttribute("role", "button");
    node.setAttribute("tabindex", "0");
    node.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      pick(event);
    });
    node.addEventListener("pointerenter", (event) =>
      gestures.point({step: store.getState().step, init: store.getState().init ?? 0, token}, [event.clientX, event.clientY])
    );
    node.addEventListener("pointerleave", (event) => gestures.point(undefined, [event.clientX, event.clientY]));
  }

  return () => {
    const {chosen, hover} = store.getState();
    for (const {node, token} of nodes) {
      node.classList.toggle("is-chosen", chosen.includes(token));
      node.classList.toggle("is-hovered", hover?.token === token);
      if (node.classList.contains("token")) node.setAttribute("aria-pressed", String(chosen.includes(token)));
    }
  };
}
