// the form stays the one that is typed into; only what was found is made anew
const make = () => {
  const made = document.createElement("template");
  made.innerHTML = props.value;
  const form = element.querySelector("form");
  if (!form) { element.replaceChildren(made.content); return; }
  const words = form.elements.words, told = made.content.querySelector("[name=words]").value;
  // what is being typed is newer than what was found
  words.defaultValue = words === document.activeElement ? words.value : told;
  for (const option of form.elements.order.options) option.defaultSelected = made.content.querySelector(`option[value="${option.value}"]`).defaultSelected;
  form.elements.order.value = made.content.querySelector("[name=order]").value;
  form.elements.passages.defaultChecked = made.content.querySelector("[name=passages]").defaultChecked;
  element.querySelector(".total").textContent = made.content.querySelector(".total").textContent;
  const held = document.activeElement?.closest(".results") ? document.activeElement.dataset : null;
  element.querySelector(".results").replaceWith(made.content.querySelector(".results"));
  // where the button that was pressed is gone, the keyboard stays among what was found
  if (held) ([...element.querySelectorAll(".results button")].find((button) => button.dataset.do === held.do && button.dataset.more === held.more) ?? element.querySelector(".results button"))?.focus({ preventScroll: true });
};
if (props.value) make();
watch("value", make);
