import type {ReactNode} from "react";
import {showDialog} from "../state/store.ts";

interface DialogEndProps {
  /** Why it cannot be started, by the server. */
  readonly refused: string | undefined;
  /** Under way, or waiting for what it needs. */
  readonly busy: boolean;
  readonly disabled?: boolean;
  /** What stands on the button; defaults to `Start`. */
  readonly start?: string;
  /** What it will take. */
  readonly children?: ReactNode;
}

/** The end of a form that starts something: what the server has against it, what it will take, and the buttons. */
export function DialogEnd({refused, busy, disabled = false, start = "Start", children}: DialogEndProps) {
  return (
    <>
      {refused && (
        <p className="band band-error" role="alert">
          {refused}
        </p>
      )}
      <footer>
        {children}
        <span className="header-space" />
        <button type="button" className="quiet" onClick={() => showDialog(undefined)}>
          Close
        </button>
        <button type="submit" className="primary" disabled={busy || disabled}>
          {busy ? "Starting …" : start}
        </button>
      </footer>
    </>
  );
}
