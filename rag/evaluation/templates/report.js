"use strict";
// Filters the questions: by fate (any of the pressed buttons), by a wrong first quote, by text. Nothing is made of what the page says but lower case.
const bar = document.querySelector(".filters");
const questions = [...document.querySelectorAll(".questions > article")];
const buttons = [...bar.querySelectorAll("[aria-pressed]")];
const text = bar.querySelector("input");
const said = bar.querySelector("[role=status]");
let words = null;
let waiting = 0;

const pressed = button => button.getAttribute("aria-pressed") === "true";
const press = (button, on) => button.setAttribute("aria-pressed", String(on));
const folded = words => words.replace(/\s+/g, " ").trim().toLowerCase();

function filter() {
  const fates = new Set(buttons.filter(button => pressed(button) && button.dataset.fate).map(button => button.dataset.fate));
  const first = pressed(bar.querySelector("[data-first]"));
  const wanted = folded(text.value);
  if (wanted && !words) words = questions.map(question => folded(question.textContent));
  let shown = 0;
  questions.forEach((question, n) => {
    const kept = (!fates.size || fates.has(question.dataset.fate)) && (!first || "first" in question.dataset) && (!wanted || words[n].includes(wanted));
    if (question.hidden === kept) question.hidden = !kept;
    shown += kept;
  });
  said.textContent = `${shown.toLocaleString("en")} of ${questions.length.toLocaleString("en")} shown`;
}

bar.addEventListener("click", event => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.hasAttribute("aria-pressed")) press(button, !pressed(button));
  else { buttons.forEach(one => press(one, false)); text.value = ""; }
  filter();
});
text.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(filter, 150); });
// a link to a question that is filtered out shows all again
addEventListener("hashchange", () => {
  const target = document.getElementById(location.hash.slice(1));
  if (target?.hidden) { bar.querySelector("[data-all]").click(); target.scrollIntoView(); }
});
bar.hidden = false;
filter();
