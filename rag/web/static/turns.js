// the turns that stay as they are are neither sent nor made again: an answer costs the same at a conversation's end as at its beginning
const make = () => {
  const made = document.createElement("template");
  made.innerHTML = props.value;
  const more = made.content.querySelector(".turns"), kept = Number(more?.dataset.kept ?? 0), turns = element.querySelector(".turns");
  if (!kept) element.replaceChildren(made.content);
  // one before it never came
  else if ((turns?.children.length ?? 0) < kept) trigger("act", { do: "again" });
  else {
    while (turns.children.length > kept) turns.lastElementChild.remove();
    turns.append(...more.children);
  }
};
make();
watch("value", make);
