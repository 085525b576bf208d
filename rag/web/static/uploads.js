// what the server would refuse, and all that comes with it, is left out before it is sent: a line says which file, and why
const limits = element.querySelector("[data-a-file]"), A_FILE = Number(limits.dataset.aFile), AT_A_TIME = Number(limits.dataset.atATime);
// of the form in which a file is sent, in bytes
const AROUND = 1_024;
const megabytes = (bytes) => `${(bytes / 1_048_576).toFixed(1).replace(".0", "")} MB`;
const within = (files) => {
  const taken = new DataTransfer(), out = [];
  let all = 0;
  for (const file of files) {
    if (file.size > A_FILE) out.push([file.name, `it has ${megabytes(file.size)}; at most ${megabytes(A_FILE)} of a file are taken`]);
    else if (all + file.size + AROUND > AT_A_TIME) out.push([file.name, `at most ${megabytes(AT_A_TIME)} are taken at a time; add it next`]);
    else { all += file.size + AROUND; taken.items.add(file); }
  }
  return { taken: taken.files, out };
};
const tell = (out) => limits.replaceChildren(...out.map(([name, why]) => {
  const line = document.createElement("li"), fate = document.createElement("strong"), words = document.createElement("span");
  [line.className, words.className, fate.textContent, words.textContent] = ["refused", "words", "refused", `${name}: ${why}`];
  line.append(fate, " ", words);
  return line;
}));
document.addEventListener("change", (event) => {
  if (!event.target.matches("#files input[type=file]")) return;
  const { taken, out } = within(event.target.files);
  tell(out);
  if (!out.length) return;
  event.target.files = taken;
  if (!taken.length) event.stopImmediatePropagation();
}, true);
document.addEventListener("drop", (event) => {
  const box = event.target.closest?.("#files"), input = box?.querySelector("input[type=file]");
  if (!input) return;
  const { taken, out } = within(event.dataTransfer.files);
  tell(out);
  if (!out.length) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!taken.length) return;
  input.files = taken;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  tell(out);
}, true);
