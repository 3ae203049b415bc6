const HIDDEN = "***";

/**
 * An address of a queue, a bucket or a server as it may be shown, mistyped ones, too: with nothing of what may be a name, a password or a parameter.
 * `redis://kim:secret@lab:6379/1` becomes `redis://***@lab:6379/1`.
 */
export function shownAddress(address: string): string {
  const [, scheme = "", rest] = /^([a-z][\w+.-]*:\/+)?(.*)$/is.exec(address)!;
  const at = rest.lastIndexOf("@");
  const [, host, place, query] = /^([^/?#]*)([^?#]*)(.*)$/s.exec(rest.slice(at + 1))!;
  return [scheme, at < 0 ? "" : `${HIDDEN}@`, isHost(host) ? host + place : HIDDEN, query === "" ? "" : `?${HIDDEN}`].join("");
}

const isHost = (text: string): boolean => /^(\[[\da-f:.]*\]|[\w.-]*)(:\d{0,5})?$/i.test(text);

const USER_OF_PAGE = /\b(https?:\/\/)[^\s/?#"'`]*@/gi;
const USER_OF_OTHER = /\b((?!https?:)[a-z][\w+.-]*:\/+)[^\s"'`]*@/gi; // a password in a mistyped address may hold anything

/** A line for a person or a log, without the names and passwords of addresses in it. */
export const withoutSecrets = (text: string): string => text.replace(USER_OF_PAGE, `$1${HIDDEN}@`).replace(USER_OF_OTHER, `$1${HIDDEN}@`);
