// Names and values that the store has, put into the lists that inputs offer.

import { ask } from "./dashboard.js";
import { make } from "./elements.js";

const known = new Map();

/** Fills a list, once for each question. */
export async function suggest(id, question) {
  const query = new URLSearchParams(question).toString();
  let list = document.getElementById(id);
  if (!list) {
    list = make("datalist", { id });
    document.body.append(list);
  }
  if (list.dataset.query === query) return;
  list.dataset.query = query;
  if (!known.has(query)) {
    const response = await ask("/v1/suggestions?" + query);
    if (!response.ok) return;
    known.set(query, (await response.json()).suggestions);
  }
  if (list.dataset.query !== query) return;
  list.replaceChildren(...known.get(query).map(({ value, text }) => make("option", { value }, text)));
}
