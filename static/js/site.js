/* Small help on top of pages that work without it: nothing here is needed to read or to search. */
"use strict";

// What was copied is told beside the button, for screen readers as well.
async function copy(button, text) {
  await navigator.clipboard.writeText(text);
  button.nextElementSibling.textContent = button.dataset.done;
}

// Buttons that only a script can serve are hidden until the script is here to serve them.
const actions = {
  print: () => window.print(),
  copy: (button) => copy(button, document.querySelector('link[rel="canonical"]')?.href ?? location.href),
};

for (const button of document.querySelectorAll("button[data-action]")) {
  if (button.dataset.action === "copy" && !navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", () => actions[button.dataset.action](button));
}

// Each model text of the work instructions can be copied, and nothing around it.
const copier = document.getElementById("copy-model-text");
if (copier && navigator.clipboard) {
  for (const model of document.querySelectorAll("main .rich blockquote")) {
    model.after(copier.content.cloneNode(true));
    const button = model.nextElementSibling.firstElementChild;
    button.addEventListener("click", () => copy(button, model.innerText.trim()));
  }
}

// The browser alone remembers the last search, for the way back to it, and the municipality chosen last.
function remembered(store, name) {
  try {
    return window[store].getItem(name);
  } catch {
    return null; // A browser may forbid to keep anything.
  }
}

function remember(store, name, value) {
  try {
    if (value) window[store].setItem(name, value);
    else window[store].removeItem(name);
  } catch {
    // Then nothing is remembered.
  }
}

const municipalityOf = (address) => {
  const chosen = new URLSearchParams(address).getAll("municipality").filter(Boolean);
  return chosen.length === 1 ? chosen[0] : "";
};

// As soon as the address is known: a page that is being left may speak after the next one has read.
function rememberSearch() {
  remember("sessionStorage", "search", location.pathname + location.search);
  const chosen = municipalityOf(location.search);
  if (chosen) remember("localStorage", "municipality", chosen);
}

if (document.getElementById("lista")) {
  rememberSearch();
  addEventListener("pageshow", rememberSearch); // The browser may bring the page back as it was.
  for (const change of ["htmx:pushedIntoHistory", "htmx:historyRestore"]) {
    document.addEventListener(change, rememberSearch);
  }
}

const wayBack = document.querySelector("a[data-search]");
const lastSearch = remembered("sessionStorage", "search");
if (wayBack && lastSearch?.split("?")[0] === wayBack.pathname) wayBack.href = lastSearch;

const own = remembered("localStorage", "municipality");
for (const select of document.querySelectorAll("select[data-remembers]")) {
  if (own && !select.value) select.value = own;
  if (select.selectedIndex < 0) select.value = "";
  select.form.addEventListener("submit", () => remember("localStorage", "municipality", select.value));
}

// Contacts of one's own municipality first, where the address does not say whose come first.
const contacts = document.querySelector("[data-contacts]");
if (contacts && own && !municipalityOf(location.search)) {
  const folded = document.querySelector("[data-contacts] + details");
  const mine = folded?.querySelectorAll(`[data-municipality="${CSS.escape(own)}"]`) ?? [];
  contacts.prepend(...mine);
  const left = folded?.querySelectorAll("div > p").length;
  if (left === 0) folded.remove();
  else if (mine.length) {
    const summary = folded.querySelector("summary");
    summary.textContent = summary.textContent.replace(/\d+/, left);
  }
}

// On narrow screens a row of a list becomes a card, in which each cell says what its column was.
for (const table of document.querySelectorAll("table.cards")) {
  const heads = [...table.querySelectorAll("thead th")].map((head) => head.textContent.trim());
  for (const row of table.tBodies[0].rows) {
    [...row.cells].forEach((cell, nth) => {
      if (cell.tagName === "TD") cell.dataset.label = heads[nth];
    });
  }
}

// What takes seconds says so once its form has been sent; not any more when one comes back to the page.
const showSlow = (form, shown) => {
  for (const words of form.querySelectorAll("[data-slow]")) words.hidden = !shown;
};
document.addEventListener("submit", ({ target }) => showSlow(target, true));
addEventListener("pageshow", () => showSlow(document, false));

// On narrow screens the filters lie over the results: choosing "Show results" takes them away.
document.addEventListener("submit", () => {
  for (const panel of document.querySelectorAll(".facets:popover-open")) panel.hidePopover();
});

// A field that is asked for on a condition is hidden while a box of the same page answers otherwise.
for (const row of document.querySelectorAll("[data-when]")) {
  const boxes = [...document.querySelectorAll(`[name="${row.dataset.when}"]`)];
  if (!boxes.length) continue;
  const { answer } = row.dataset;
  const asked = () => {
    if (answer === "true" || answer === "false") return String(boxes[0].checked) === answer;
    return boxes.some((box) => box.checked && box.value === answer);
  };
  const follow = () => {
    row.hidden = !asked();
  };
  for (const box of boxes) box.addEventListener("change", follow);
  follow();
}
