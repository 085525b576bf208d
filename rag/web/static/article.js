// an opened article is shown at its quote; a closed one leads back to where the reader was
const NARROW = matchMedia("(max-width: 899px)"), pane = element.closest("#right");
// on a small screen it lies over the page, which cannot be reached until it is closed
const cover = () => {
  const over = NARROW.matches && Boolean(element.querySelector("article"));
  for (const under of document.querySelectorAll("#heading, #left, #dock")) under.inert = over;
  document.documentElement.classList.toggle("covered", over);
  for (const [name, value] of [["role", "dialog"], ["aria-modal", "true"], ["aria-label", "The opened article"]]) over ? pane.setAttribute(name, value) : pane.removeAttribute(name);
};
NARROW.addEventListener("change", cover);
let open = false;
watch("value", () => {
  const article = element.querySelector("article"), here = element.querySelector(".here");
  const left = document.querySelector(".card.beside") ?? window.pullquoteLeft;
  cover();
  for (const card of document.querySelectorAll(".card.beside")) card.classList.remove("beside");
  if (article?.dataset.at) document.getElementById(`card-${window.pullquoteTurn}-${article.dataset.at}`)?.classList.add("beside");
  if (here) bring(here, true);
  else if (article) pane.scrollTop = 0;
  else if (open && left?.isConnected) {
    bring(left, true);
    (left.querySelector("button") ?? left).focus({ preventScroll: true });
  }
  // the keyboard goes where the eye is led, but is never taken from what is being typed
  const leads = article && !window.pullquoteStay && !article.contains(document.activeElement) && !document.activeElement.matches("input, textarea");
  if (leads || (article && NARROW.matches)) (here ?? element.querySelector(".text")).focus({ preventScroll: true });
  open = Boolean(article);
});
