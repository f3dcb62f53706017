// Writes the folder `template/`: what `init` makes, for a Deploy to Cloudflare button.
import { writeFileSync } from "node:fs";
import { inRoot } from "../paths.mjs";
import { filesOf, ownVersion } from "./template.mjs";

const files = filesOf({ name: "paytr-link-relay", merchantId: "", version: ownVersion() });
for (const [name, text] of Object.entries(files)) writeFileSync(inRoot(`template/${name}`), text);
