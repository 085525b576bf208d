// Shared by the page's parts. `element` is the part; what a person does goes to the server as one event, "act".
const facts = (node) => ({ do: node.dataset.do, turn: node.dataset.turn ?? "", quote: node.dataset.quote ?? "", more: node.dataset.more ?? "" });
const say = (words) => { const line = document.querySelector("#status"); if (line) line.textContent = words; };
const WAITING = { ask: "Searching the articles…", alone: "Searching the articles…", lift: "Searching the articles…", find: "Searching the articles…", found: "Searching the articles…", finding: "Opening the article…", table: "Writing the file…", open: "Opening the article…",
  article: "Opening the article…", edition: "Opening the article…", step: "Opening the article…", export: "Writing the file…", remove: "Removing the article…" };
const OPENING = ["open", "article", "edition", "step"];
const PATIENCE = 45_000;
// says what is going on, and where nothing comes of it, that too
window.pullquoteWait = (words) => {
  window.pullquoteDone = "";
  say(words);
  clearTimeout(window.pullquoteTimer);
  window.pullquoteTimer = setTimeout(() => {
    if (document.querySelector("#status")?.textContent !== words) return;
    say("Nothing has come back yet: the page is busy, or its server has gone. Try again.");
    window.pullquoteUnasked();
  }, PATIENCE);
};
const act = (data) => {
  if (OPENING.includes(data.do)) {
    window.pullquoteByHand = true;
    // the keyboard goes into an article that is opened, but for one that is looked at by the way
    window.pullquoteStay = Boolean(window.pullquotePassing);
    // where the reader was before an article was opened, to go back there when it is closed
    if (!document.querySelector("#right article")) window.pullquoteLeft = document.activeElement;
  }
  if (data.do === "open") {
    window.pullquoteTurn = data.turn;
    // it is open already, and drawn anew only if it has changed since
    if (!window.pullquoteStay && document.getElementById(`card-${data.turn}-${data.quote}`)?.matches(".beside")) go(document.querySelector("#article .here"));
  }
  if (data.do === "tab") window.pullquoteLook(data.more);
  else window.pullquoteWait(WAITING[data.do] ?? "One moment…");
  if (data.do === "ask") {
    window.pullquoteLook("ask");
    window.pullquoteAsked(data.more);
  }
  trigger("act", data);
};
const copy = async (text, told) => {
  try { await navigator.clipboard.writeText(text); } catch {
    const area = document.body.appendChild(Object.assign(document.createElement("textarea"), { value: text }));
    area.select(); document.execCommand("copy"); area.remove();
  }
  window.pullquoteDone = told;
  say(told);
};
// an offset in the article's text, in code points as the archive counts them; the part's text nodes are that text and nothing else
const offset = (text, node, at) => {
  const before = document.createRange();
  before.selectNodeContents(text);
  before.setEnd(node, at);
  return Array.from(before.toString()).length;
};
// into sight, within its pane where the panes scroll by themselves; below what stands fixed at the top
const bring = (node, middle) => {
  const pane = node?.closest("#left, #right");
  if (!pane) return;
  if (getComputedStyle(pane).overflowY !== "auto") node.scrollIntoView({ block: middle ? "center" : "start" });
  else pane.scrollTop += node.getBoundingClientRect().top - pane.getBoundingClientRect().top - (middle ? pane.clientHeight / 3 : 8);
};
const go = (node) => { bring(node, true); node?.focus({ preventScroll: true }); };
// after its HTML was made anew a part's fields hold what the server says, and what a person unfolded stays unfolded
const unfolded = new Set();
let chosen = null;
const key = (details) => `${details.closest("[id]").id} ${details.querySelector("summary").firstChild.textContent}`;
element.addEventListener("toggle", ({ target }) => {
  if (!target.matches("details")) return;
  if (!target.matches(".menu")) unfolded[target.open ? "add" : "delete"](key(target));
  else if (target.open) {
    // a menu opens where there is room for it, and alone
    for (const other of document.querySelectorAll(".menu[open]")) if (other !== target) other.open = false;
    const sheet = target.querySelector(".sheet, form"), pane = target.closest("#left, #right");
    target.classList.remove("up", "end");
    if (sheet.getBoundingClientRect().right > innerWidth - 4) target.classList.add("end");
    if (pane && sheet.getBoundingClientRect().bottom > Math.min(pane.getBoundingClientRect().bottom, document.querySelector("#dock").getBoundingClientRect().top)) target.classList.add("up");
  }
}, true);
watch("value", () => {
  // of another text
  chosen = null;
  for (const field of element.querySelectorAll("input, textarea")) [field.checked, field.value] = [field.defaultChecked, field.defaultValue];
  for (const details of element.querySelectorAll("details:not(.menu)")) if (unfolded.has(key(details))) details.open = true;
  element.querySelector(".danger, [data-focus]")?.focus();
  // what is typed meanwhile is newer than what was found
  const box = typed && document.activeElement === document.body && element.querySelector(`[data-typed] [name="${typed.name}"]`);
  if (box) { box.value = typed.value; box.focus({ preventScroll: true }); box.setSelectionRange(...typed.at); }
});
// a form that is `data-typed` is sent as somebody types, after a pause, and at once when something in it is chosen
let typed = null, pause;
element.addEventListener("input", ({ target }) => {
  if (target.type !== "search" || !target.form?.hasAttribute("data-typed")) return;
  typed = { name: target.name, value: target.value, at: [target.selectionStart, target.selectionEnd] };
  clearTimeout(pause);
  pause = setTimeout(() => target.form?.requestSubmit(), 300);
});
element.addEventListener("change", ({ target }) => { if (target.matches("[data-typed] :is(select, [type=checkbox])")) target.form.requestSubmit(); });
// whoever leaves the box themselves is not led back to it
element.addEventListener("focusout", ({ target }) => { if (target.isConnected) typed = null; });
// what was opened over the page goes once something in it was done
const shut = (details) => {
  if (!details) return;
  details.open = false;
  details.querySelector("summary").focus({ preventScroll: true });
};
document.addEventListener("selectionchange", () => {
  const text = element.querySelector(".text"), line = element.querySelector("[data-chosen]"), selection = document.getSelection();
  if (!text || !selection.rangeCount || selection.isCollapsed) return;
  const range = selection.getRangeAt(0);
  if (!text.contains(range.startContainer) || !text.contains(range.endContainer)) return;
  chosen = { start: offset(text, range.startContainer, range.startOffset), end: offset(text, range.endContainer, range.endOffset) };
  if (line) line.textContent = `“${range.toString()}”`;
  const link = element.querySelector("[data-link-of]");
  link.dataset.link = `${link.dataset.linkOf}&start=${chosen.start}&end=${chosen.end}#marked`;
  link.hidden = false;
});
element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) {
    const card = event.target.closest(".card");
    if (card && document.getSelection().isCollapsed && !event.target.closest("a, details, input, label")) act({ do: "open", turn: card.dataset.turn, quote: card.dataset.quote, more: "" });
    return;
  }
  if (button.dataset.copy !== undefined) copy(button.dataset.copy, "Copied with its citation.");
  else if (button.dataset.link !== undefined) copy(new URL(button.dataset.link, location.href).href, "The link is copied.");
  else if (button.dataset.go) go(element.querySelector(`[data-names~="${button.dataset.go}"]`));
  else if (button.dataset.pin !== undefined) {
    const article = element.querySelector("[data-article]"), text = element.querySelector("[data-note]").value;
    if (!chosen) say("Select the words of the article that the note is about, then pin it.");
    else act({ do: "note", more: article.dataset.article, sha256: article.dataset.sha256, start: chosen.start, end: chosen.end, text });
  } else if (button.dataset.do === "feedback") act({ ...facts(button), comment: button.closest(".turn").querySelector("[data-comment]")?.value ?? "" });
  else if (button.dataset.do) {
    // what was filled in and not applied goes too
    if (button.dataset.do === "nofilters") button.form.reset();
    act(facts(button));
  }
  shut(button.closest(".menu[open]"));
});
element.addEventListener("submit", (event) => {
  // of a form that is not a step's the browser knows where it goes
  if (!event.target.dataset.form) return;
  event.preventDefault();
  clearTimeout(pause);
  const form = new FormData(event.target), fields = Object.fromEntries(form);
  act({ do: event.target.dataset.form, ...fields, sources: form.getAll("source"), having: form.getAll("having") });
  shut(event.target.closest(".menu"));
});
