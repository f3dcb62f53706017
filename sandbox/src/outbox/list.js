// One of the outbox's lists: the newest on top, each thing once, and how many of them there are.

import { $ } from "/sandbox/elements.js";

/** So many stand in a list; older ones go. */
export const SHOWN = 500;

export class List {
  #name;
  #things;
  #row;
  #items = new Map(); // key → item

  /**
   * @param {string} name the id of its `ul`; its section and count are named after it
   * @param {Map} things what is in it, by key
   * @param {(thing) => HTMLLIElement} row
   */
  constructor(name, things, row) {
    this.#name = name;
    this.#things = things;
    this.#row = row;
  }

  get size() {
    return this.#things.size;
  }

  item(key) {
    return this.#items.get(key);
  }

  clear() {
    this.#things.clear();
    this.#items.clear();
    $(this.#name).replaceChildren();
  }

  /** What is new goes on top, what has changed stays where it is. */
  put(key, thing) {
    const item = this.#row(thing);
    const earlier = this.#items.get(key);
    if (earlier) {
      const anchor = earlier.querySelector("a");
      item.querySelector("a").ariaCurrent = anchor.ariaCurrent;
      const wasFocused = anchor === document.activeElement;
      earlier.replaceWith(item);
      if (wasFocused) item.querySelector("a").focus();
    } else {
      $(this.#name).prepend(item);
    }
    this.#things.set(key, thing);
    this.#items.set(key, item);
    if (this.#things.size > SHOWN) {
      const oldest = this.#things.keys().next().value;
      this.#things.delete(oldest);
      this.#items.get(oldest).remove();
      this.#items.delete(oldest);
    }
  }

  /** Shows what is wanted. Returns how many that are. */
  filter(isWanted) {
    let shown = 0;
    for (const [key, item] of this.#items) {
      item.hidden = !isWanted(this.#things.get(key));
      if (!item.hidden) shown += 1;
    }
    $(`${this.#name}-section`).hidden = shown === 0;
    $(`${this.#name}-count`).textContent = shown === this.size ? shown : `${shown} / ${this.size}`;
    return shown;
  }
}
