// What is to be told a person, as long as nobody needs its words: the name of a text, and what stands in it.
import { UserError } from "../user-error.mjs";

/**
 * @typedef {object} Said
 * @property {string} says the name of one of the texts (en.mjs, tr.mjs)
 * @property {unknown[]} about what the text is given; a Said among it is given in words
 */

/** @returns {Said} */
export const said = (says, ...about) => ({ says, about });

/**
 * Its words.
 *
 * @param {object} texts
 * @param {Said} told
 * @returns {string}
 */
export function say(texts, { says, about }) {
  const text = texts[says];
  return typeof text === "function" ? text(...wordsOf(texts, about)) : text;
}

/** What a text is given, with words for each {@link Said} among it. */
export const wordsOf = (texts, about) => about.map((each) => (each?.says ? say(texts, each) : each));

/** A capture that cannot be read, and what to do about it. */
export class Unreadable extends Error {
  constructor(...about) {
    super(about[0]);
    this.told = said(...about);
  }
}

/** What is thrown in place of an {@link Unreadable}: its words. */
export const inWords = (texts, error) => (error instanceof Unreadable ? new UserError(say(texts, error.told)) : error);
