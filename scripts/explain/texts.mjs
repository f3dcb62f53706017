// The texts of `npm run explain`, by language.
import { ASKING } from "../asking/texts.mjs";
import { inLanguage } from "../locale.mjs";
import en from "./en.mjs";
import tr from "./tr.mjs";

/** By language; the same members in each. */
export const TEXTS = { en: { ...ASKING.en, ...en }, tr: { ...ASKING.tr, ...tr } };

/** @param {NodeJS.ProcessEnv} env */
export const textsFor = (env) => inLanguage(env, TEXTS);
