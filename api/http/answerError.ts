import type {ErrorRequestHandler} from "express";
import type {Logger} from "pino";
import {errorLine} from "../../capture/errorLine.ts";
import {diskFault, Refusal} from "../../capture/trace/refusal.ts";
import {statusOf} from "../contract/httpError.ts";
import {loggedUrl, requestIdOf} from "./requestLog.ts";

const FAULT_HEADER = "orrery-fault"; // the kind of fault, for programs; the body is one line for people

/** One shape for every error; what nobody expected is logged in full and told to nobody. That the server closes is expected. */
export const answerError =
  (log: Logger): ErrorRequestHandler =>
  (thrown: unknown, request, response, next) => {
    if (response.closed) return; // the client left, and took its question back
    if (response.headersSent) return next(thrown);
    const error = diskFault(thrown);
    const status = statusOf(error);
    const isBug = status === 500 && !(error instanceof Refusal);
    if (status >= 500)
      log[isBug ? "error" : "debug"](
        {id: requestIdOf(response), err: error, method: request.method, url: loggedUrl(request.originalUrl)},
        "request failed"
      );
    const code = error instanceof Refusal ? error.kind : isBug ? "internal" : "invalid";
    response
      .status(status)
      .set(FAULT_HEADER, code)
      .json({error: isBug ? "internal error" : errorLine(error)});
  };
