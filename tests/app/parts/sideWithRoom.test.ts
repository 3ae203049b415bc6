import {expect, it} from "vitest";
import {sideWithRoom} from "../../../app/parts/sideWithRoom.ts";

const room = {left: 100, right: 500, top: 50, bottom: 450};
const button = (left: number, top: number) => ({left, right: left + 28, top, bottom: top + 28});
const box = {width: 130, height: 90};

it.each([
  ["where it has room", button(400, 100), {edge: "right", at: "below"}],
  ["from the left edge to the right", button(100, 100), {edge: "left", at: "below"}],
  ["from the foot upwards", button(400, 420), {edge: "right", at: "above"}],
  ["from the lower left corner up and to the right", button(100, 420), {edge: "left", at: "above"}],
  ["to the usual side at its very edge", button(202, 332), {edge: "right", at: "below"}],
  ["to the other side one pixel before it", button(201, 333), {edge: "left", at: "above"}]
])("sideWithRoom opens a menu %s", (_, place, side) => {
  expect(sideWithRoom(place, room, box, {edge: "right", at: "below"})).toEqual(side);
});

it("sideWithRoom takes the side that cuts less of a box that fits on neither", () => {
  const wide = {width: 390, height: 390};
  expect(sideWithRoom(button(120, 60), room, wide, {edge: "right", at: "above"})).toEqual({edge: "left", at: "below"});
  expect(sideWithRoom(button(440, 400), room, wide, {edge: "left", at: "below"})).toEqual({edge: "right", at: "above"});
});
