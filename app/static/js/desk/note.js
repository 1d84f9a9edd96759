// Notes to colleagues: the field turns yellow, its button says so, and the form goes to another address. It stays so until
// its button or key is pressed again: what is typed after a note, too, cannot slip to the client.
// Hears "desk:mode" {mode}: reply, note or edit. Says "desk:turned" when its person has turned it.
function turn(mode) {
  const [area, send] = [document.getElementById("text"), document.getElementById("send")];
  const words = area.dataset[mode === "note" ? "note" : "reply"];
  document.getElementById("composer").dataset.mode = mode;
  document.getElementById("note")?.setAttribute("aria-pressed", String(mode === "note"));
  area.placeholder = words;
  area.setAttribute("aria-label", words);
  send.textContent = send.dataset[mode];
  area.focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("#note");
  if (!button) return;
  event.preventDefault();
  const composer = document.getElementById("composer");
  if (composer.dataset.mode === "edit") return;
  turn(composer.dataset.mode === "note" ? "reply" : "note");
  document.dispatchEvent(new CustomEvent("desk:turned"));
});
document.addEventListener("desk:mode", ({ detail }) => turn(detail.mode));
