import type {Response} from "express";

/** Who asks. A server without users knows no names, and lets everyone change everything. */
export interface Visitor {
  readonly name: string | null;
  /** A guest: may look at everything and change nothing. */
  readonly readOnly: boolean;
}

export const ANYONE: Visitor = {name: null, readOnly: false};

/** Who asked for the answer. */
export const visitorOf = ({locals}: Response): Visitor => (locals as {visitor?: Visitor}).visitor ?? ANYONE;

/** Says who asked. */
export function welcome({locals}: Response, visitor: Visitor): void {
  (locals as {visitor?: Visitor}).visitor = visitor;
}
