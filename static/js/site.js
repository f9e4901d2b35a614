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
