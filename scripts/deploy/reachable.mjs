// Whether Cloudflare can reach a host: the relay runs there, not in the shop's network and not on this machine.
//
// In scope: what can be seen in the address. Not in scope: whether anything answers there; no name is looked up.
import ipaddr from "ipaddr.js";
import { deployTexts } from "./texts.mjs";

/** Addresses that no network hands on to another one, by ipaddr.js's names for them, and what the texts call them. */
const CLOSED = {
  loopback: "loopback",
  unspecified: "unspecified",
  private: "private",
  uniqueLocal: "private",
  carrierGradeNat: "carrierGradeNat",
  linkLocal: "linkLocal",
  deprecatedSiteLocal: "private",
  multicast: "multicast",
  broadcast: "broadcast",
};
/** Ends of names that the public DNS has reserved, or has never given to anybody, and that private networks use. */
const CLOSED_NAMES =
  /\.(?:alt|corp|home|home\.arpa|internal|intranet|invalid|lan|local|localdomain|localhost|onion|private|test)$/;

/**
 * Why Cloudflare cannot reach a URL's host; nothing if it may.
 *
 * @param {{hostname: string}} url
 */
export function whyOutOfReach({ hostname }) {
  const texts = deployTexts();
  const host = hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  if (ipaddr.isValid(host)) {
    const closed = CLOSED[ipaddr.process(host).range()];
    return closed && texts.hostIs(host, texts.closed[closed]);
  }
  if (host === "localhost") return texts.machineItself(host);
  if (!host.includes(".")) return texts.nameWithoutDot(host);
  const [end] = CLOSED_NAMES.exec(host) ?? [];
  return end && texts.closedName(host, end);
}
