// what can be done by a single key, listed in the dialog that "?" opens
const keys = () => document.querySelector("#keys");
const toggle = () => (keys().open ? keys().close() : keys().showModal());
element.addEventListener("click", (event) => { if (event.target.closest("[data-keys]")) toggle(); });
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(".menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});
// the next of the cards that are seen, from the one that was last gone to; on a wide screen its article is looked at by the way
const step = (by) => {
  const cards = [...document.querySelectorAll("#ask-panel.shown .card")].filter((card) => card.offsetParent);
  const at = cards.findIndex((card) => card.contains(document.activeElement)), from = at < 0 ? cards.findIndex((card) => card.matches(".beside")) : at;
  const card = cards[Math.max(0, Math.min(cards.length - 1, from + by))];
  if (!card) return;
  card.focus({ preventScroll: true });
  bring(card, true);
  if (!matchMedia("(min-width: 900px) and (min-height: 560px)").matches || card.matches(".beside")) return;
  window.pullquotePassing = true;
  card.querySelector(".check").click();
  window.pullquotePassing = false;
};
const closing = () => {
  const menu = document.querySelector(".menu[open]");
  menu ? shut(menu) : document.querySelector("#article [data-do=close]")?.click();
};
const DONE = { "/": () => document.querySelector("#question :is(input, textarea)").focus(), j: () => step(1), k: () => step(-1), Escape: closing, "?": toggle };
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.isComposing) return;
  const typing = event.target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]"), covered = document.documentElement.classList.contains("covered");
  // a dialog closes by itself
  if (!Object.hasOwn(DONE, event.key) || keys().open && event.key !== "?" || event.key !== "Escape" && (typing || covered)) return;
  if (event.key !== "Escape") event.preventDefault();
  DONE[event.key]();
});
