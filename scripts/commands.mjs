/**
 * The commands of the package, by name: the script of this folder, and the words that it is given in front of the person's. One
 * line each: a folder that `init` makes has all of them but `init` as `npm run …`.
 *
 * @type {Record<string, [script: string, ...words: string[]]>}
 */
export const COMMANDS = {
  init: ["init.mjs"],
  start: ["start-relay.mjs"],
  deploy: ["deploy.mjs"],
  ping: ["ping.mjs"],
  explain: ["explain.mjs"],
  secret: ["secret.mjs"],
  relay: ["relay.mjs"],
  links: ["relay.mjs", "links"],
  link: ["relay.mjs", "link"],
  events: ["relay.mjs", "events"],
  replay: ["relay.mjs", "replay"],
  status: ["relay.mjs", "status"],
  trigger: ["trigger.mjs"],
};
