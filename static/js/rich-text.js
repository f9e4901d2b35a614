/* Editors of rich text. Each <rich-text> holds a text area, which stays the form's control: what is edited
   is written into it as HTML, and an `input` event on it tells the form. Allowed is what services/rich_text.py
   allows. Toolbar and link dialog come from the page: templates/services/partials/rich_text_tools.html. */

const tools = document.getElementById("rich-text-tools");
const PASSED_ON = ["lang", "aria-label", "aria-labelledby", "aria-describedby", "aria-errormessage", "aria-invalid"];
const UNDER_TOOLS = { top: 100, right: 5, bottom: 5, left: 5 }; // px

const toggles = {
  bold: { press: (chain) => chain.toggleBold(), is: ["bold"] },
  italic: { press: (chain) => chain.toggleItalic(), is: ["italic"] },
  link: { is: ["link"] },
  bulletList: { press: (chain) => chain.toggleBulletList(), is: ["bulletList"] },
  orderedList: { press: (chain) => chain.toggleOrderedList(), is: ["orderedList"] },
  heading: { press: (chain) => chain.toggleHeading({ level: 3 }), is: ["heading", { level: 3 }] },
  subheading: { press: (chain) => chain.toggleHeading({ level: 4 }), is: ["heading", { level: 4 }] },
  modelText: { press: (chain, { from, to }) => chain.setTextSelection({ from, to }).toggleBlockquote(), is: ["blockquote"] },
};
const steps = {
  undo: { press: (chain) => chain.undo(), can: (editor) => editor.can().undo() },
  redo: { press: (chain) => chain.redo(), can: (editor) => editor.can().redo() },
};

/* Links */

function allowed(address) {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(address.replace(/[\s\p{Cc}]/gu, ""));
  return !scheme || tools.dataset.schemes.split(" ").includes(scheme[1].toLowerCase());
}

// People write addresses without the beginning that makes them work.
function complete(words) {
  if (/^([a-z][a-z0-9+-]*:|[/#])/i.test(words)) return words;
  if (/^[^\s/@]+@[^\s/@]+$/.test(words)) return `mailto:${words}`;
  if (/^\+?[\d\s()-]{5,}$/.test(words)) return `tel:${words.replace(/[^\d+]/g, "")}`;
  return `https://${words}`;
}

function address(words) {
  const href = complete(words.trim());
  return words.trim() && !/\s/.test(href) && allowed(href) && URL.canParse(href, location.href) ? href : null;
}

let dialog;
function askForLink(editor) {
  if (!dialog) document.body.append((dialog = tools.content.querySelector("dialog").cloneNode(true)));
  const input = dialog.querySelector("input");
  const before = editor.getAttributes("link").href;
  input.value = before ?? "";
  dialog.querySelector('[value="unset"]').hidden = !before;
  dialog.returnValue = "";
  input.setCustomValidity("");
  input.oninput = () => input.setCustomValidity("");
  dialog.querySelector("form").onsubmit = (event) => {
    if (event.submitter.value !== "set" || address(input.value)) return;
    event.preventDefault();
    input.setCustomValidity(document.getElementById("rich-text-address-help").textContent);
    input.reportValidity();
  };
  dialog.onclose = () => {
    const chain = editor.chain().focus();
    if (dialog.returnValue === "unset") chain.extendMarkRange("link").unsetLink().run();
    else if (dialog.returnValue === "set") putLink(editor, chain, input.value.trim());
    else chain.run();
  };
  dialog.showModal();
}

function putLink(editor, chain, words) {
  const href = address(words);
  if (editor.state.selection.empty && !editor.isActive("link")) {
    chain.insertContent({ type: "text", text: words, marks: [{ type: "link", attrs: { href } }] }).run();
  } else {
    const toItsEnd = ({ tr, commands }) => commands.setTextSelection(tr.selection.to);
    chain.extendMarkRange("link").setLink({ href }).command(toItsEnd).run();
  }
}

/* The HTML that is kept: what is empty goes, and a list item of one paragraph is the item alone. */

function html(editor) {
  const kept = document.createElement("template");
  kept.innerHTML = editor.getHTML();
  for (const element of [...kept.content.querySelectorAll("p, h3, h4, li, ul, ol, blockquote")].reverse()) {
    if (!element.hasChildNodes()) element.remove();
  }
  for (const paragraph of kept.content.querySelectorAll("li > p:first-child")) {
    const others = [...paragraph.parentElement.children].slice(1);
    if (others.every((other) => other.matches("ul, ol"))) paragraph.replaceWith(...paragraph.childNodes);
  }
  return kept.innerHTML;
}

/* What is pasted: styles that come along would each be a breach of the page's policy, unheeded and reported.
   What they say of bold and italic is put into elements instead: word processors on the web write so. */

function withoutStyles(pasted) {
  const held = document.createElement("template");
  held.innerHTML = pasted
    .replace(/<style[^]*?<\/style>/gi, "")
    .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\sstyle=/gi, " data-style="));
  const style = new Option().style;
  for (const element of held.content.querySelectorAll("[data-style]")) {
    style.cssText = element.dataset.style;
    const span = element.matches("span");
    if (span && /^(bold|[6-9]00)$/.test(style.fontWeight)) wrapContents(element, "strong");
    if (span && style.fontStyle === "italic") wrapContents(element, "em");
    if (element.matches("b, strong") && /^(normal|400)$/.test(style.fontWeight)) {
      element.replaceWith(...element.childNodes);
    }
  }
  return held.innerHTML;
}

function wrapContents(element, name) {
  const wrap = document.createElement(name);
  wrap.append(...element.childNodes);
  element.append(wrap);
}

/* What can be edited */

function extensions(kit) {
  return [
    kit.Document, kit.Paragraph, kit.Text, kit.Bold, kit.Italic, kit.HardBreak, kit.BulletList, kit.Blockquote, kit.History,
    // Headings of other levels, as they are pasted, become the nearest of ours.
    kit.Heading.extend({
      parseHTML: () => [1, 2, 3, 4, 5, 6].map((level) => ({ tag: `h${level}`, attrs: { level: level > 3 ? 4 : 3 } })),
    }).configure({ levels: [3, 4] }),
    // Numbers always start from one: `start` and `type` are not kept.
    kit.OrderedList.extend({ addAttributes: () => ({}), addNodeView: () => null }),
    kit.ListItem.extend({
      // A step of a course begins with its heading.
      content: "block+",
      addKeyboardShortcuts() {
        // Not Tab, which leaves the editor. After a step's heading comes its text, not the next step.
        const split = () => !this.editor.isActive("heading") && this.editor.commands.splitListItem(this.name);
        return { Enter: split };
      },
    }),
    kit.Link.extend({
      addAttributes: () => ({ href: { default: null } }),
      addKeyboardShortcuts() {
        return { "Mod-k": () => (askForLink(this.editor), true) };
      },
    }).configure({ autolink: false, defaultProtocol: "https", HTMLAttributes: {}, isAllowedUri: allowed }),
  ];
}

/* The toolbar: one stop for Tab, arrows inside it. */

function toolbarFor(editor, textarea) {
  const toolbar = tools.content.querySelector("[role=toolbar]").cloneNode(true);
  const label = editor.view.dom.getAttribute("aria-labelledby");
  toolbar.id = `${textarea.id}-tools`;
  toolbar.setAttribute("aria-controls", editor.view.dom.id);
  // Its own name and the text's: there are many toolbars on a page.
  if (label) toolbar.setAttribute("aria-labelledby", `${toolbar.id} ${label}`);
  const buttons = [...toolbar.querySelectorAll("button")];
  const stopAt = (chosen) => buttons.forEach((button) => (button.tabIndex = button === chosen ? 0 : -1));
  stopAt(buttons[0]);
  toolbar.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(event.target);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = buttons.at(to % buttons.length);
    stopAt(next);
    next.focus();
  });
  // A press of the mouse must not take the selection out of the text.
  toolbar.addEventListener("mousedown", (event) => event.preventDefault());
  toolbar.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button || button.ariaDisabled === "true") return;
    const tool = button.dataset.tool;
    if (tool === "link") askForLink(editor);
    else (toggles[tool] ?? steps[tool]).press(editor.chain().focus(), editor.state.selection).run();
  });
  const show = () => {
    for (const button of buttons) {
      const tool = button.dataset.tool;
      if (tool in toggles) button.ariaPressed = String(editor.isActive(...toggles[tool].is));
      else button.ariaDisabled = String(!steps[tool].can(editor));
    }
  };
  editor.on("transaction", show);
  show();
  return toolbar;
}

function attributesOf(textarea) {
  const attributes = { id: `${textarea.id}-editor`, class: "rich stack tight", "aria-multiline": "true" };
  for (const name of PASSED_ON) {
    if (textarea.hasAttribute(name)) attributes[name] = textarea.getAttribute(name);
  }
  const label = textarea.labels[0];
  if (label && !attributes["aria-labelledby"]) {
    label.id ||= `${textarea.id}-label`;
    attributes["aria-labelledby"] = label.id;
  }
  if (textarea.required) attributes["aria-required"] = "true";
  if (textarea.readOnly) attributes["aria-readonly"] = "true";
  if (textarea.matches(":disabled")) attributes["aria-disabled"] = "true";
  return attributes;
}

let loading;
const near = new IntersectionObserver(
  (entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => entry.target.start()),
  { rootMargin: "100%" },
);

class RichText extends HTMLElement {
  connectedCallback() {
    near.observe(this);
  }

  disconnectedCallback() {
    near.unobserve(this);
    this.editor?.destroy();
    this.editor = null;
  }

  async start() {
    near.unobserve(this);
    const kit = await (loading ??= import(tools.dataset.editor));
    if (!this.isConnected || this.editor) return;
    const textarea = this.querySelector("textarea");
    // What an earlier life of this element left: it may have been moved, or come from a copy of the page.
    for (const left of this.querySelectorAll(":scope > :not(textarea)")) left.remove();
    const hadFocus = document.activeElement === textarea;
    const editor = new kit.Editor({
      element: this,
      // The page's policy lets no script put styles in: rich-text.css has them.
      injectCSS: false,
      extensions: extensions(kit),
      content: textarea.value,
      editable: !textarea.readOnly && !textarea.matches(":disabled"),
      enableInputRules: ["bulletList"],
      enablePasteRules: ["link"],
      editorProps: {
        attributes: attributesOf(textarea),
        transformPastedHTML: withoutStyles,
        // The line that is written never hides under the toolbar.
        scrollThreshold: UNDER_TOOLS,
        scrollMargin: UNDER_TOOLS,
      },
      onUpdate: () => {
        textarea.value = html(editor);
        textarea.dispatchEvent(new Event("input", { bubbles: true }));
      },
    });
    this.editor = editor;
    this.classList.add("in");
    // One `input` a change: the browser's own tells of it before the text area has it.
    editor.view.dom.addEventListener("input", (event) => event.stopPropagation());
    textarea.tabIndex = -1;
    textarea.ariaHidden = "true";
    textarea.onfocus = () => editor.view.focus();
    if (editor.isEditable) this.prepend(toolbarFor(editor, textarea));
    if (hadFocus) editor.commands.focus("end");
  }
}
customElements.define("rich-text", RichText);
