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
  if (article && !article.contains(document.activeElement)) element.querySelector(".text").focus({ preventScroll: true });
  open = Boolean(article);
});
