// The list of all events: filtered by person, kind and words, some at a time; an address such as #event-60-0-1 opens it.

import { dayOf, timeOfDay } from "./clock.js";

const PAGE = 100;

export function events(root, { rows, people, places }, seek) {
  const part = (name) => root.querySelector(`[data-part=${name}]`);
  const list = part("list"), more = part("more"), count = part("count");
  const filters = { who: part("who"), kind: part("kind"), words: part("words") };
  let found = rows, shown = 0;

  function filter() {
    const who = filters.who.value, kind = filters.kind.value, words = filters.words.value.trim().toLowerCase();
    found = rows.filter(
      ([, , , actor, , sort, text]) =>
        (!who || actor === who) && (!kind || sort === kind) && (!words || text.toLowerCase().includes(words)),
    );
    list.replaceChildren();
    shown = 0;
    grow(PAGE);
  }

  function grow(by) {
    list.append(...found.slice(shown, shown + by).map(item));
    shown = Math.min(found.length, shown + by);
    more.hidden = shown >= found.length;
    count.textContent = `${shown.toLocaleString("en")} of ${found.length.toLocaleString("en")} shown`;
  }

  function item([id, time, entry, , place, kind, words]) {
    const row = document.createElement("li"), when = document.createElement("button"), text = document.createElement("bdi");
    row.id = id;
    row.tabIndex = -1;
    when.type = "button";
    when.className = "when";
    when.textContent = `day ${dayOf(time)}, ${timeOfDay(time)}`;
    when.title = "Show this moment on the map";
    when.addEventListener("click", () => seek(time));
    text.className = "t";
    text.textContent = words;
    const rest = document.createElement("span");
    rest.className = "quiet small";
    rest.textContent = ` ${kind}${place && places[place] ? `, ${places[place]}` : ""} · log entry ${entry} · ${id}`;
    row.append(when, " ", text, rest);
    return row;
  }

  // Show one event among what came before and after it.
  function open(id) {
    const at = rows.findIndex((row) => row[0] === id);
    if (at < 0) return false;
    for (const input of Object.values(filters)) input.value = "";
    found = rows;
    list.replaceChildren();
    shown = Math.max(0, at - 10);
    grow(PAGE);
    const row = document.getElementById(id);
    list.querySelector(".here")?.classList.remove("here");
    row.classList.add("here");
    row.scrollIntoView({ block: "center" });
    row.focus({ preventScroll: true });
    seek(rows[at][1], false);
    return true;
  }

  for (const input of Object.values(filters)) input.addEventListener("input", filter);
  more.addEventListener("click", () => grow(PAGE));
  root.hidden = false;
  filter();
  const follow = () => location.hash.startsWith("#event-") && open(decodeURIComponent(location.hash.slice(1)));
  addEventListener("hashchange", follow);
  // A link to the address that is there already changes nothing by itself.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="#event-"]');
    const href = link && link.getAttribute("href");
    if (href && open(decodeURIComponent(href.slice(1)))) {
      event.preventDefault();
      history.replaceState(null, "", href);
    }
  });
  follow();
}
