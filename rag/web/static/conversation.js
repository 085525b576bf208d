// a new answer is read from its beginning, its best quote first
let last = "";
watch("value", () => {
  const turns = element.querySelectorAll(".turn"), turn = turns[turns.length - 1], key = turn ? turns.length + turn.querySelector(".question").textContent : "";
  if (turn && key !== last) {
    bring(turn, false);
    if (document.activeElement === document.body) turn.focus({ preventScroll: true });
  }
  last = key;
});
