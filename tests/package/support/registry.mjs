// A registry on this machine for npm: it has the versions of one package that it is given, and leads to the usual one for all else.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { listen } from "../../support/listen.mjs";

/** `usual` is the address of the registry that this machine's npm asks. Resolves with `{ url, publish, stop }`. */
export async function startRegistry(name, usual) {
  /** By version: `{ manifest, bytes }`. The last one is the latest. */
  const published = new Map();
  const base = usual.endsWith("/") ? usual : `${usual}/`;
  const archive = new RegExp(`^/${name}/-/${name}-(.+)\\.tgz$`);
  const server = createServer(({ url: asked, headers }, response) => {
    const [, version] = archive.exec(asked) ?? [];
    if (published.has(version)) return response.end(published.get(version).bytes);
    if (asked !== `/${name}`) return response.writeHead(307, { location: new URL(`.${asked}`, base).href }).end();
    // npm keeps what it may, and this changes.
    response.writeHead(200, { "content-type": "application/json", "cache-control": "no-store" });
    return response.end(JSON.stringify(document(`http://${headers.host}`)));
  });

  function document(origin) {
    const versions = Array.from(published, ([version, { manifest, bytes }]) => {
      const integrity = `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
      return [version, { ...manifest, dist: { tarball: `${origin}/${name}/-/${name}-${version}.tgz`, integrity } }];
    });
    return { name, "dist-tags": { latest: versions.at(-1)[0] }, versions: Object.fromEntries(versions) };
  }

  const { url, stop } = await listen(server);
  return {
    url,
    stop,
    /** `manifest` is what its package.json holds, and `file` the archive. */
    publish: (manifest, file) => published.set(manifest.version, { manifest, bytes: readFileSync(file) }),
  };
}
