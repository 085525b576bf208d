// an opened article is shown at its quote; a closed one leads back to where the reader was
let open = false;
watch("value", () => {
  chosen = null;
  const article = element.querySelector("article"), here = element.querySelector(".here");
  if (here) bring(here, true);
  else if (article) bring(article, false);
  else if (open) {
    const card = document.getElementById(window.pullquoteLeft);
    bring(card, true);
    card?.querySelector("button")?.focus({ preventScroll: true });
  }
  // the keyboard goes where the eye is led, but is never taken from what is being typed
  if (article && !article.contains(document.activeElement) && !document.activeElement.matches("input, textarea")) (here ?? element.querySelector(".text")).focus({ preventScroll: true });
  open = Boolean(article);
});
