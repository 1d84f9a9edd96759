// Notes to colleagues: the field turns yellow, its button says so, and the form goes to another address.
function turn(composer, on) {
  composer.dataset.mode = on ? "note" : "reply";
  document.getElementById("note").setAttribute("aria-pressed", String(on));
  const words = on ? "note" : "reply";
  const [area, button] = [document.getElementById("text"), document.getElementById("send")];
  area.placeholder = area.dataset[words];
  area.setAttribute("aria-label", area.dataset[words]);
  button.textContent = button.dataset[words];
  area.focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("#note");
  if (!button) return;
  event.preventDefault();
  const composer = document.getElementById("composer");
  if (composer.dataset.mode === "edit" || composer.dataset.sending) return; // what is refused comes back as what it was
  turn(composer, composer.dataset.mode !== "note");
});
// A note is one note: the next word is meant for the client again, and the colour says it.
document.addEventListener("desk:sent", () => {
  const composer = document.getElementById("composer");
  if (composer?.dataset.mode === "note" && composer.hasAttribute("data-answers")) turn(composer, false);
});
