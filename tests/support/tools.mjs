// The programs that tests and benchmarks use and that not every machine has: how to find one, and where Debian has it.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { inRoot } from "../../scripts/paths.mjs";

/** The checkout's own Node, which has SQLite; the one that runs the tests may be older. */
export const NODE = inRoot("node_modules/.bin/node");

/** Debian has it where only root looks for programs. */
const NGINXES = ["nginx", "/usr/sbin/nginx"];
const CHROMIUMS = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
const answers = (program, ...args) => spawnSync(program, args, { stdio: "ignore" }).status === 0;

/** By name: whether it is there, and the packages that bring it. */
export const TOOLS = {
  curl: { isThere: () => answers("curl", "--version"), packages: ["curl", "ca-certificates"] },
  openssl: { isThere: () => answers("openssl", "version"), packages: ["openssl"] },
  php: { isThere: () => answers("php", "--version"), packages: ["php-cli"] },
  "php-curl": { isThere: () => answers("php", "-r", "exit((int) !function_exists('curl_exec'));"), packages: ["php-curl"] },
  "php-sqlite3": { isThere: () => answers("php", "-r", "exit((int) !extension_loaded('pdo_sqlite'));"), packages: ["php-sqlite3"] },
  python3: { isThere: () => answers("python3", "-c", "import ensurepip, venv"), packages: ["python3", "python3-venv"] },
  "python 3.11": {
    isThere: () => answers("python3", "-c", "import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))"),
    packages: ["python3", "python3-venv"],
  },
  localedef: { isThere: () => existsSync("/usr/share/i18n/locales/tr_TR") && answers("localedef", "--version"), packages: ["locales"] },
  mono: {
    isThere: () => answers("mcs", "--version") && answers("mono", "--version"),
    packages: [
      "mono-mcs", "mono-runtime", "libmono-sqlite4.0-cil", "libmono-system-net-http4.0-cil",
      "libmono-system-runtime-serialization4.0-cil", "libmono-system-xml-linq4.0-cil",
    ],
  },
  "php-guzzle": { isThere: () => answers("php", "-r", "require 'GuzzleHttp/autoload.php'; exit((int) !function_exists('mb_strlen'));"), packages: ["php-guzzlehttp-guzzle", "php-mbstring"] },
  java: { isThere: () => answers("java", "-version"), packages: ["default-jre-headless"] },
  cargo: { isThere: () => answers("cargo", "--version"), packages: ["cargo"] },
  valgrind: { isThere: () => answers("valgrind", "--version"), packages: ["valgrind"] },
  nginx: { isThere: () => Boolean(findNginx()), packages: ["nginx"] },
  chromium: { isThere: () => Boolean(findChromium()), packages: ["chromium"] },
};

/** The program to start for a headless browser: CHROMIUM, else the system's. */
export function findChromium() {
  return process.env.CHROMIUM ?? CHROMIUMS.find((name) => answers("which", name));
}

/** The program to start for nginx. */
export function findNginx() {
  return NGINXES.find((name) => answers(name, "-v"));
}

/** Why a test that needs these tools is skipped, or nothing. In CI it never is. */
export function whySkip(needs) {
  const absent = needs.filter((name) => !TOOLS[name].isThere());
  if (absent.length > 0 && process.env.CI === "true") throw new Error(`${absent.join(", ")}: not installed, in CI`);
  return absent.length > 0 && `not installed: ${absent.join(", ")}`;
}
