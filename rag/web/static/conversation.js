// the question stands as a turn the moment it is sent, until its answer comes or does not; outside the turns that the server counts
let waiting = null;
const box = () => document.querySelector("#question :is(input, textarea)");
const fill = (words) => { box().value = words; box().dispatchEvent(new Event("input", { bubbles: true })); };
const settle = () => { waiting?.pending.remove(); waiting = null; };
window.pullquoteAsked = (question) => {
  settle();
  window.pullquoteByHand = false;
  question = question.trim();
  if (!question) return;
  const pending = document.createElement("section"), words = document.createElement("h2"), bones = document.createElement("div");
  pending.className = "pending";
  words.className = "question";
  words.dir = "auto";
  words.textContent = question;
  bones.className = "bones";
  bones.setAttribute("aria-hidden", "true");
  bones.append(document.createElement("i"), document.createElement("i"));
  pending.append(words, bones);
  element.append(pending);
  waiting = { pending, typed: box().value.trim() === question ? question : "" };
  if (waiting.typed) fill("");
  bring(pending, false);
};
// nothing came of it: what was typed is in its box again, unless something else is there by now
window.pullquoteUnasked = () => {
  const typed = waiting?.typed;
  settle();
  if (typed && !box().value) fill(typed);
};
new MutationObserver(() => {
  const line = document.querySelector("#status");
  if (!line || line.dataset.moment === window.pullquoteMoment) return;
  window.pullquoteMoment = line.dataset.moment;
  if (["ask", "typed"].includes(line.dataset.after)) settle();
  // what a person did meanwhile stays said when an article opens by itself
  if (line.dataset.after === "beside" && window.pullquoteDone) line.textContent = window.pullquoteDone;
}).observe(document.querySelector("#said"), { childList: true, subtree: true, attributes: true });
// a new answer is read from its beginning, its best quote first, and where there is room, that quote's article beside it
const ROOM = matchMedia("(min-width: 900px) and (min-height: 560px)");
// on a small screen a card is no taller than that: what is long is folded, and nothing of it is cut away
const fold = (card) => {
  const quotation = card.querySelector(".quotation"), most = innerHeight * .45;
  if (ROOM.matches || card.dataset.fits || quotation.scrollHeight <= most + 80) return;
  card.dataset.fits = "folded";
  quotation.style.maxHeight = `${most}px`;
  const answer = quotation.querySelector(".answer");
  if (answer) quotation.scrollTop = Math.max(0, answer.offsetTop + answer.offsetHeight - quotation.offsetTop - most);
  const button = Object.assign(document.createElement("button"), { type: "button", className: "quiet unfold", textContent: "Show all" });
  button.addEventListener("click", (event) => {
    event.stopPropagation();
    quotation.style.maxHeight = "";
    card.dataset.fits = "whole";
    button.remove();
    card.focus({ preventScroll: true });
  });
  quotation.after(button);
};
const folding = () => { for (const card of element.querySelectorAll(".card:not([data-fits])")) if (card.offsetHeight) fold(card); };
element.addEventListener("toggle", folding, true);
let last = "";
watch("value", () => {
  const turns = element.querySelectorAll(".turn"), turn = turns[turns.length - 1], key = turn ? turns.length + turn.querySelector(".question").textContent : "";
  if (waiting) element.append(waiting.pending);
  folding();
  if (turn && key !== last) {
    settle();
    bring(turn, false);
    if (document.activeElement === document.body) turn.focus({ preventScroll: true });
    // once the first words are on the screen, which do not wait for it
    if (ROOM.matches && turn.querySelector(".card:not(.near)")) requestAnimationFrame(() => setTimeout(() => {
      if (window.pullquoteByHand) return;
      window.pullquoteStay = true;
      window.pullquoteTurn = turn.dataset.turn;
      trigger("act", { do: "beside", turn: turn.dataset.turn, quote: "0", more: "" });
    }));
  }
  last = key;
});
