// Which hosts Cloudflare can reach, as far as an address shows it.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { whyOutOfReach } from "../../scripts/deploy/reachable.mjs";

const OUT_OF_REACH = {
  "a loopback address": "127.0.0.1 127.1 2130706433 0x7f.0.0.1 0177.0.0.1 [::1] [::ffff:127.0.0.1]",
  "no machine's address": "0.0.0.0 [::]",
  "a private address": "10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.255 192.168.0.1 [::ffff:a00:1]",
  "a link-local address": "169.254.169.254 [fe80::1] [febf::1]",
  "a unique local address": "[fc00::1] [fdff::1] [fec0::1]",
  "an address behind a provider's NAT": "100.64.0.1 100.127.255.255",
  "an address of many machines": "224.0.0.1 255.255.255.255 [ff02::1]",
  "this machine's name": "localhost LOCALHOST localhost. shop.localhost localhost.localdomain",
  "one word": "shop shop. intranet wordpress",
  "a name within a network": "shop.local shop.LOCAL. host.docker.internal shop.default.svc.cluster.local shop.lan",
  "a name of a private network": "shop.test www.shop.test shop.home shop.home.arpa shop.corp shop.intranet shop.private",
  "a name that nobody has": "shop.invalid shop.onion shop.alt",
};
const REACHABLE = {
  "a name": "www.paytr.com shop.example local.shop.example internal.com test.com.tr xn--maaza-l1a.com",
  "a name that ends otherwise": "localhost.com home.arpa.com",
  "an address": "8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0 169.253.255.255",
  "one beside a private network": "172.15.255.255 172.32.0.0 192.167.255.255 192.169.0.0 [2606:4700::1111] [fbff::1]",
};

const whyNot = (host) => whyOutOfReach(new URL(`https://${host}:8443/paytr-events`));
const hostsOf = (groups) =>
  Object.entries(groups).flatMap(([what, hosts]) => hosts.split(" ").map((host) => [what, host]));

describe("Cloudflare cannot reach", () => {
  for (const [what, host] of hostsOf(OUT_OF_REACH)) {
    it(`${what}: ${host}`, () => assert.match(whyNot(host) ?? "", / (?:is|ends in) /));
  }
});

describe("Cloudflare may reach", () => {
  for (const [what, host] of hostsOf(REACHABLE)) it(`${what}: ${host}`, () => assert.equal(whyNot(host), undefined));
});
