import type {Spot} from "../plot/spot.ts";
import {element} from "./element.ts";

const CARD = {width: 230, height: 190};
const AWAY = 16; // pixels from the pointer

/** A small card beside the pointer with what is said of the place under it. Gives the function that shows or hides it. */
export function floatingCard(say: (spot: Spot) => readonly Node[]): (spot: Spot | undefined, at: readonly [number, number]) => void {
  const card = element("div", {class: "hover-card", "aria-hidden": "true", hidden: ""});
  document.body.append(card);
  return (spot, [x, y]) => {
    card.hidden = spot === undefined;
    if (!spot) return;
    card.replaceChildren(...say(spot));
    const left = x + AWAY + CARD.width > innerWidth ? x - AWAY - CARD.width : x + AWAY;
    card.style.left = `${Math.max(4, left)}px`;
    card.style.top = `${Math.max(4, Math.min(y + AWAY, innerHeight - CARD.height))}px`;
  };
}
