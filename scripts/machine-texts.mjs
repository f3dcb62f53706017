// What is said while this machine is made ready, and of what runs on it, by language: setup.mjs, build.mjs, dev-vars.mjs,
// processes.mjs, local-relay.mjs, wrangler.mjs, library.mjs. It is read before any package is installed.
import { inLanguage } from "./locale.mjs";

const en = {
  buildingWorker: "Building the Worker (the first time: a few minutes)",
  buildingSandbox: "Building the sandbox (the first time: 1 minute)",
  doneIn: (seconds) => `      done in ${seconds} s`,
  installingPackages: "Installing npm packages (half a minute)",
  onWindows: "This does not run on Windows itself. Use WSL: https://learn.microsoft.com/windows/wsl/install",
  oldNode: (present, needed) => `Node ${present} is too old: ${needed} or newer is needed. Get it at https://nodejs.org`,
  getRust: "Install Rust with rustup, as https://rustup.rs says, and try again in a new terminal.",
  noCargo: (getRust) => `cargo is not installed. ${getRust}`,
  noLinker:
    "Rust needs a C linker, and there is no cc. Install one:\n" +
    "  Debian, Ubuntu: sudo apt install build-essential\n  macOS: xcode-select --install",
  oldRust: (present, needed) => `Rust ${present} is too old: ${needed} or newer is needed. Update it:\n  rustup update stable`,
  noTarget: (target, getRust) => `This Rust cannot build for ${target}, and there is no rustup to add that. ${getRust}`,
  otherPackages: "The npm packages are not those of package-lock.json. Install them and try again:\n  npm ci",
  packagesNeeded: "For this the npm packages are needed. Install them and try again:\n  npm ci",
  doesNotWork: (command, why) => `${command} is there but does not work:\n\n${why}`,
  wranglerNeeds: (versions, how) => `wrangler needs Node ${versions}. ${how}`,
  newerNode: "Install a newer Node: https://nodejs.org",
  nodePackage:
    'The package "node" brings one by its install script, which did not run:\n' +
    "perhaps ignore-scripts is set in your npm configuration. Either let it run,\n" +
    "  npm rebuild node --ignore-scripts=false\nor install a newer Node: https://nodejs.org",

  exitCode: (code) => `exit code ${code}`,
  notStarted: (why) => `it cannot be started: ${why}`,
  failed: (how, command) => `This failed (${how}); the reason is above:\n  ${command}`,
  ended: (name, how) => `The ${name} ended (${how}).`,
  lastWords: (lines) => `Its last words:\n\n${lines}`,
  noWords: "It said nothing.",
  stopping: "\nStopping …",
  stopped: "Stopped.",
  noAnswer: (name, seconds, url) => `The ${name} did not answer within ${seconds} s at ${url}`,
  settingsRefused: (file, lines) => `The relay does not take its settings. Correct them in ${file}:\n${lines}`,

  devVarsHeading: "# Made up for this machine alone. No real key or secret belongs here.",
  devVarsShop: "# A shop on this machine whose own webhooks make links:",
  devVarsShopSecret: "24 letters and digits or more",
  noSetting: (name) => `${name} is not a setting of the relay.`,
  emptySetting: (name) => `${name} is missing or empty.`,
  badSecretSetting: (name) => `${name} does not begin with whsec_ and the base64 of at least 24 bytes.`,
  devVarsWrong: (file, lines) => `${file} is not right:\n${lines}Correct it, or delete it: npm start then makes a new one.`,
  devVarsNotMade: (file, why) => `${file} cannot be made: ${why}`,
};

const tr = {
  buildingWorker: "Worker derleniyor (ilk seferinde birkaç dakika)",
  buildingSandbox: "Sandbox derleniyor (ilk seferinde 1 dakika)",
  doneIn: (seconds) => `      ${seconds} saniyede bitti`,
  installingPackages: "npm paketleri kuruluyor (yarım dakika)",
  onWindows: "Doğrudan Windows'ta çalışmaz. WSL kullanın: https://learn.microsoft.com/windows/wsl/install",
  oldNode: (present, needed) => `Node ${present} eski: ${needed} ya da daha yenisi gerekir. Buradan indirin: https://nodejs.org`,
  getRust: "Rust'ı https://rustup.rs sayfasındaki gibi rustup ile kurup yeni bir terminalde yeniden deneyin.",
  noCargo: (getRust) => `cargo kurulu değil. ${getRust}`,
  noLinker:
    "Rust için bir C linker gerekir, ama cc yok. Kurmak için:\n" +
    "  Debian, Ubuntu: sudo apt install build-essential\n  macOS: xcode-select --install",
  oldRust: (present, needed) => `Rust ${present} eski: ${needed} ya da daha yenisi gerekir. Güncelleyin:\n  rustup update stable`,
  noTarget: (target, getRust) => `Bu Rust ${target} için derleyemiyor, bunu ekleyecek rustup da yok. ${getRust}`,
  otherPackages: "Kurulu npm paketleri package-lock.json dosyasındakiler değil. Kurup yeniden deneyin:\n  npm ci",
  packagesNeeded: "Bunun için npm paketleri gerekir. Kurup yeniden deneyin:\n  npm ci",
  doesNotWork: (command, why) => `${command} var ama çalışmıyor:\n\n${why}`,
  wranglerNeeds: (versions, how) => `wrangler için Node ${versions} gerekir. ${how}`,
  newerNode: "Daha yeni bir Node kurun: https://nodejs.org",
  nodePackage:
    '"node" paketi, kurulum betiğiyle bir tane getirir, ama o betik çalışmamış:\n' +
    "npm yapılandırmanızda ignore-scripts açık olabilir. Ya çalışmasına izin verin\n" +
    "  npm rebuild node --ignore-scripts=false\nya da daha yeni bir Node kurun: https://nodejs.org",

  exitCode: (code) => `çıkış kodu ${code}`,
  notStarted: (why) => `başlatılamıyor: ${why}`,
  failed: (how, command) => `Şu komut başarısız oldu (${how}); nedeni yukarıda:\n  ${command}`,
  ended: (name, how) => `${name} durdu (${how}).`,
  lastWords: (lines) => `Son yazdıkları:\n\n${lines}`,
  noWords: "Hiçbir şey yazmadı.",
  stopping: "\nDurduruluyor …",
  stopped: "Durduruldu.",
  noAnswer: (name, seconds, url) => `${name} ${seconds} saniye içinde yanıt vermedi: ${url}`,
  settingsRefused: (file, lines) => `Relay ayarlarını kabul etmiyor. Şu dosyada düzeltin: ${file}\n${lines}`,

  devVarsHeading: "# Yalnızca bu makine için üretildi. Buraya gerçek bir anahtar yazılmaz.",
  devVarsShop: "# Kendi webhook'larıyla link oluşturan, bu makinedeki bir mağaza:",
  devVarsShopSecret: "en az 24 harf ve rakam",
  noSetting: (name) => `${name} relay'in bir ayarı değil.`,
  emptySetting: (name) => `${name} eksik ya da boş.`,
  badSecretSetting: (name) => `${name} whsec_ ve en az 24 baytın base64'ü ile başlamıyor.`,
  devVarsWrong: (file, lines) => `${file} dosyası yanlış:\n${lines}Düzeltin ya da silin: npm start yenisini oluşturur.`,
  devVarsNotMade: (file, why) => `${file} oluşturulamıyor: ${why}`,
};

/** By language; the same members in each. */
export const TEXTS = { en, tr };

/** Those of the person at this terminal. */
export const machineTexts = () => inLanguage(process.env, TEXTS);
