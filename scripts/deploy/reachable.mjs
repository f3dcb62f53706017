// Whether Cloudflare can reach a host: the relay runs there, not in the shop's network and not on this machine.
//
// In scope: what can be seen in the address. Not in scope: whether anything answers there; no name is looked up.
import ipaddr from "ipaddr.js";

/** Addresses that no network hands on to another one, by ipaddr.js's names for them. */
const CLOSED = {
  loopback: "a loopback address, which is the machine itself",
  unspecified: "no address of a machine",
  private: "an address of a private network",
  uniqueLocal: "an address of a private network",
  carrierGradeNat: "an address behind a provider's NAT",
  linkLocal: "a link-local address",
  deprecatedSiteLocal: "an address of a private network",
  multicast: "a multicast address",
  broadcast: "a broadcast address",
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
  const host = hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  if (ipaddr.isValid(host)) {
    const closed = CLOSED[ipaddr.process(host).range()];
    return closed && `${host} is ${closed}`;
  }
  if (host === "localhost") return `${host} is the machine itself`;
  if (!host.includes(".")) return `${host} is a name without a dot, which only its own network knows`;
  const [end] = CLOSED_NAMES.exec(host) ?? [];
  return end && `${host} ends in ${end}, which the internet does not know`;
}
