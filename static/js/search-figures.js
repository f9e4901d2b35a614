/* Tells that a search was made and that something of it was opened: how often, never by whom. */
"use strict";

let told = "";

const tell = (searched, click) => {
  const said = new URLSearchParams({ q: searched.dataset.q });
  if (searched.dataset.found === "true") said.set("found", "1");
  if (click) said.set("click", "1");
  navigator.sendBeacon(searched.dataset.address, said);
};

const look = () => {
  const searched = document.querySelector("[data-searched]");
  if (!searched || told === searched.dataset.q) return;
  told = searched.dataset.q;
  // The next page of the same search, or the way back to it, is no search of its own.
  if (searched.dataset.first === "true" && performance.getEntriesByType("navigation")[0]?.type !== "back_forward") {
    tell(searched, false);
  }
};

let opened = "";
document.addEventListener("click", (event) => {
  const searched = document.querySelector("[data-searched]");
  if (!searched || opened === searched.dataset.q || !event.target.closest(".hits h3 a")) return;
  opened = searched.dataset.q;
  tell(searched, true);
});

document.addEventListener("htmx:afterSettle", look);
look();
