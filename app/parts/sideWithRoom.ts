import {useLayoutEffect, useState, type RefObject} from "react";

/** Where a box stands that opened from a button: which of their edges meet, and on which side of the button it is. */
export interface Side {
  readonly edge: "left" | "right";
  readonly at: "above" | "below";
}

interface Extent {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The usual side of an open box, or the other one where only that has room, or more of it. */
export function useSideWithRoom(box: RefObject<HTMLElement | null>, open: boolean, usual: Side): Side {
  const [side, setSide] = useState(usual);
  const {edge, at} = usual;
  useLayoutEffect(() => {
    const button = box.current?.parentElement;
    if (!open || !box.current || !button) return;
    const {width, height} = box.current.getBoundingClientRect();
    setSide(sideWithRoom(button.getBoundingClientRect(), roomAround(button), {width, height}, {edge, at}));
  }, [box, open, edge, at]);
  return side;
}

/** The side of a button on which a box of a size fits the room; where it fits neither way, the one that cuts less of it. */
export function sideWithRoom(
  button: Extent,
  room: Extent,
  {width, height}: {readonly width: number; readonly height: number},
  usual: Side
): Side {
  const toLeft = button.right - room.left; // with their right edges together it reaches to the left
  const toRight = room.right - button.left;
  const above = button.top - room.top;
  const below = room.bottom - button.bottom;
  const keeps = (own: number, other: number, needed: number): boolean => own >= Math.min(needed, other);
  const staysEdge = usual.edge === "right" ? keeps(toLeft, toRight, width) : keeps(toRight, toLeft, width);
  const staysAt = usual.at === "below" ? keeps(below, above, height) : keeps(above, below, height);
  return {
    edge: staysEdge === (usual.edge === "right") ? "right" : "left",
    at: staysAt === (usual.at === "below") ? "below" : "above"
  };
}

/** What of the window the scrolling places around a node leave to be seen. */
function roomAround(node: Element): Extent {
  let room: Extent = {left: 0, top: 0, right: document.documentElement.clientWidth, bottom: innerHeight};
  for (let place = node.parentElement; place && place !== document.body; place = place.parentElement) {
    if (getComputedStyle(place).overflow === "visible") continue;
    const {left, right, top, bottom} = place.getBoundingClientRect();
    room = {
      left: Math.max(room.left, left),
      right: Math.min(room.right, right),
      top: Math.max(room.top, top),
      bottom: Math.min(room.bottom, bottom)
    };
  }
  return room;
}
