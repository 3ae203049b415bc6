import type {RequestHandler} from "express";
import {HttpError} from "../contract/httpError.ts";
import {operations} from "./operations/operations.ts";

const patterns = operations.map(({method, path}) => ({
  method: method.toUpperCase(),
  address: new RegExp(`^${path.replace(/[.]/g, "\\.").replace(/\{\w+\}/g, "[^/]+")}$`)
}));

/** What no route takes: 405 for an address that takes other methods, with `allow`, else 404. */
export const unknownOperation: RequestHandler = ({method, baseUrl, path}, response) => {
  const address = baseUrl + path;
  const methods = patterns.filter((operation) => operation.address.test(address)).map((operation) => operation.method);
  if (methods.length > 0) {
    response.set("allow", methods.join(", "));
    throw new HttpError(405, `invalid method: ${method} ${address.slice(0, 200)}; expected ${methods.join(" or ")}`);
  }
  throw new HttpError(404, `unknown address: ${method} ${address.slice(0, 200)}; /api/openapi.json lists those there are`);
};
