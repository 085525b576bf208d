// which tab is seen is the browser's own business; the server is told, since it makes what is looked at
const tabs = () => [...element.querySelectorAll("[role=tab]")];
window.pullquoteLook = (name) => {
  window.pullquoteTab = name;
  for (const tab of tabs()) {
    const here = tab.dataset.more === name;
    tab.setAttribute("aria-selected", here);
    tab.tabIndex = here ? 0 : -1;
    const panel = document.getElementById(`${tab.dataset.more}-panel`);
    panel?.classList.toggle("shown", here);
    panel?.setAttribute("role", "tabpanel");
    panel?.setAttribute("aria-labelledby", tab.id);
  }
};
element.addEventListener("keydown", (event) => {
  const all = tabs(), at = all.indexOf(event.target), step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (at < 0 || !step) return;
  const next = all[(at + step + all.length) % all.length];
  next.focus();
  next.click();
});
watch("value", () => window.pullquoteLook(window.pullquoteTab ?? "ask"));
window.pullquoteLook("ask");
