/* Suggestions under the search box: a combobox with a list of links. Without this script it is a plain box. */
"use strict";

const FROM = 3; // letters
const PAUSE = 150; // milliseconds after the last key

for (const input of document.querySelectorAll("input[data-suggestions]")) {
  const list = document.createElement("div");
  list.id = `${input.id}-suggestions`;
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.dataset.label);
  const status = document.createElement("p");
  status.className = "vh";
  status.setAttribute("role", "status");
  input.after(list, status);
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
  })) input.setAttribute(name, value);

  let timer;
  let asked;

  const options = () => [...list.querySelectorAll('[role="option"]')];
  const chosen = () => list.querySelector('[aria-selected="true"]');

  const close = () => {
    clearTimeout(timer);
    asked?.abort();
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  const choose = (option) => {
    chosen()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
  };

  const ask = async () => {
    asked?.abort();
    asked = new AbortController();
    const address = new URL(input.dataset.suggestions, location.href);
    address.searchParams.set("q", input.value.trim());
    try {
      const answer = await fetch(address, { signal: asked.signal });
      if (!answer.ok) return close();
      list.innerHTML = await answer.text();
    } catch {
      return; // the next key has asked anew, or there is no connection: the box works by itself
    }
    const count = options().length;
    status.textContent = count ? input.dataset.found.replace("{n}", count) : input.dataset.none;
    list.hidden = !count;
    input.setAttribute("aria-expanded", String(Boolean(count)));
    input.removeAttribute("aria-activedescendant");
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    if (input.value.trim().length < FROM) return close();
    timer = setTimeout(ask, PAUSE);
  });

  input.addEventListener("keydown", (event) => {
    const all = options();
    const place = all.indexOf(chosen());
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault(); // the first press closes the list, the next empties the box
      close();
    } else if (list.hidden || !all.length) {
      return;
    } else if (event.key === "ArrowDown") {
      event.preventDefault();
      choose(all[place + 1]);
    } else if (event.key === "ArrowUp") {
      event.preventDefault();
      choose(place < 0 ? all.at(-1) : all[place - 1]);
    } else if (event.key === "Enter" && place >= 0) {
      event.preventDefault();
      all[place].click();
    } else if (event.key === "Enter") {
      close();
    }
  });

  // A press on a link takes the focus from the box before it is a click.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  input.addEventListener("blur", close);
}
