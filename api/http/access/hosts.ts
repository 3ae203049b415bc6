import {hostname} from "node:os";
import {isIP} from "node:net";

const LOOPBACK_NAMES = ["127.0.0.1", "localhost", "[::1]"];

/** A host as a browser sends it: the name in its one spelling (small letters, IPv6 in brackets), and the port where one is said. */
export interface Host {
  readonly name: string;
  readonly port: string;
}

/** Reads a Host header, or a name that was allowed; undefined for what is no host. */
export function hostOf(text: string): Host | undefined {
  if (!/^[^/?#@\\\s]+$/.test(text) || !URL.canParse(`http://${text}/`)) return undefined;
  const name = new URL(`http://${text}/`).hostname.replace(/\.$/, "");
  return {name, port: /:(\d{1,5})$/.exec(text)?.[1] ?? ""};
}

/** Whether only this machine reaches an address. */
export const isLoopback = (address: string): boolean => {
  const name = hostOf(isIP(address) === 6 ? `[${address}]` : address)?.name ?? "";
  return LOOPBACK_NAMES.includes(name) || /^127\.\d+\.\d+\.\d+$/.test(name);
};

export interface KnownHosts {
  has(host: Host): boolean;
  /** Whether a person allowed it by name, not we by ourselves. */
  wasAllowed(host: Host): boolean;
  /** The names, for people. */
  readonly names: readonly string[];
}

/**
 * The hosts that requests may name: this machine's own, and those that were allowed: `NAME` on any port, `NAME:PORT`, `.NAME` with
 * all below it. A server that other machines reach is known by any of its addresses, too: a foreign page can come
 * by a name that it made resolve to us (DNS rebinding), never by a number.
 */
export function knownHosts({address, allowed}: {readonly address: string; readonly allowed: readonly string[]}): KnownHosts {
  const reached = !isLoopback(address);
  const own = [...LOOPBACK_NAMES, ...(reached ? [hostname().toLowerCase(), `${hostname().toLowerCase()}.local`] : [])];
  const rules = allowed.map((text) => ({below: text.startsWith("."), host: hostOf(text.replace(/^\./, ""))}));
  const wasAllowed = ({name, port}: Host): boolean =>
    rules.some(({below, host}) => {
      if (!host || (host.port !== "" && host.port !== port)) return false;
      return below ? name.endsWith(`.${host.name}`) : name === host.name;
    });
  return {
    wasAllowed,
    has: (host) => own.includes(host.name) || (reached ? isAddress(host.name) : isLoopback(host.name)) || wasAllowed(host),
    names: [...own, ...(reached ? ["any IP address"] : []), ...allowed]
  };
}

const isAddress = (name: string): boolean => isIP(name.replace(/^\[|\]$/g, "")) !== 0;
