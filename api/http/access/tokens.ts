import {createHash, randomBytes, timingSafeEqual} from "node:crypto";
import type {Visitor} from "./visitor.ts";

const TOKEN_BYTES = 24; // beyond guessing
export const SHORTEST_TOKEN = 8; // characters; shorter ones can be guessed over a network

/** Knows whom tokens belong to. */
export interface TokenBook {
  /** Undefined for a token that is nobody's. Takes the same time whatever of it is right. */
  visitorOf(token: string): Promise<Visitor | undefined>;
}

/** A token that nobody has had before, of letters that a link may hold. */
export const newToken = (): string => randomBytes(TOKEN_BYTES).toString("base64url");

/** SHA-256, hexadecimal: what is kept of a token. No salt, as a token is no word. */
export const hashOf = (token: string): string => createHash("sha256").update(token).digest("hex");

/** Whether a hash is a token's; compares all of it. */
export const isTokenOf = (hash: string, token: string): boolean =>
  timingSafeEqual(Buffer.from(hash, "hex"), Buffer.from(hashOf(token), "hex"));

/** One token, which lets in anybody who has it. */
export function sharedToken(token: string, visitor: Visitor): TokenBook {
  const hash = hashOf(token);
  return {visitorOf: async (given) => (isTokenOf(hash, given) ? visitor : undefined)};
}

/** Several books as one: one that cannot be read keeps nobody out who is in another. */
export function joined(books: readonly TokenBook[]): TokenBook {
  return {
    async visitorOf(token) {
      const answers = await Promise.allSettled(books.map((book) => book.visitorOf(token)));
      const visitor = answers.flatMap((answer) => (answer.status === "fulfilled" ? (answer.value ?? []) : [])).at(0);
      const failed = answers.find(({status}) => status === "rejected") as PromiseRejectedResult | undefined;
      if (!visitor && failed) throw failed.reason;
      return visitor;
    }
  };
}
