/* Small help on top of pages that work without it: nothing here is needed to read or to search. */
"use strict";

// Buttons that only a script can serve are hidden until the script is here to serve them.
const actions = {
  print: () => window.print(),
  copy: async (button) => {
    await navigator.clipboard.writeText(document.querySelector('link[rel="canonical"]')?.href ?? location.href);
    button.querySelector("span").textContent = button.dataset.done;
  },
  "copy-text": async (button) => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).innerText);
    button.querySelector("span").textContent = button.dataset.done;
  },
};

for (const button of document.querySelectorAll("button[data-action]")) {
  if (button.dataset.action.startsWith("copy") && !navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", () => actions[button.dataset.action](button));
}

// On narrow screens the filters lie over the results: choosing "Show results" takes them away.
document.addEventListener("submit", () => {
  for (const panel of document.querySelectorAll(".facets:popover-open")) panel.hidePopover();
});
