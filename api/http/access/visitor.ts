import type {Response} from "express";
import {HttpError} from "../../contract/httpError.ts";

/** Who asks. A server without users knows no names, and lets everyone change everything. */
export interface Visitor {
  readonly name: string | null;
  /** A guest: may look at everything and change nothing. */
  readonly readOnly: boolean;
}

export const ANYONE: Visitor = {name: null, readOnly: false};

/** Says who asked. */
export function welcome({locals}: Response, visitor: Visitor): void {
  (locals as {visitor?: Visitor}).visitor = visitor;
}

/** Whether it is known who asked. */
export const isWelcome = ({locals}: Response): boolean => (locals as {visitor?: Visitor}).visitor !== undefined;

/** Who asked for the answer. */
export const visitorOf = ({locals}: Response): Visitor => (locals as {visitor?: Visitor}).visitor ?? ANYONE;

/** Keeps what is somebody's from everybody else who has a name; throws a 403 HttpError. `what` begins the line: "run: NAME". */
export function refuseOthers(response: Response, what: string, owner: string | null): void {
  const {name} = visitorOf(response);
  if (name !== null && owner !== null && owner !== name) throw new HttpError(403, `invalid ${what} is ${owner}'s`);
}
