// Changing a sent message: its text comes into the field under a bar that says so; Esc leaves it as it was.
const me = document.getElementById("desk").dataset.me;
let kept = null; // {mode, text} that stood in the field before

// Every page gets the same bubble; what only its author may do is hidden from the others.
const others = new CSSStyleSheet();
others.replaceSync(`.msg[data-by]:not([data-by="${me}"]) .own { display: none; }`);
document.adoptedStyleSheets = [...document.adoptedStyleSheets, others];

const composer = () => document.getElementById("composer");
const field = () => document.getElementById("text");
const editing = () => composer()?.dataset.mode === "edit";

async function begin(link) {
  const asked = composer();
  if (!asked?.hasAttribute("data-answers") || asked.dataset.sending) return;
  const answer = await fetch(link.href, { headers: { "HX-Request": "true" } }).catch(() => null);
  const text = await answer?.text().catch(() => undefined);
  if (!answer?.ok || text === undefined) return refused({ status: answer?.status, html: text });
  if (composer() !== asked || asked.dataset.sending) return; // another chat is open by now
  if (!editing()) kept = { mode: asked.dataset.mode, text: field().value };
  asked.dataset.editing = link.dataset.edits;
  show("edit", text);
}

function refused(detail) {
  document.dispatchEvent(new CustomEvent("refused", { detail }));
}

function end() {
  if (!editing()) return;
  delete composer().dataset.editing;
  show(kept.mode, kept.text);
}

function show(mode, text) {
  document.getElementById("editing").hidden = mode !== "edit";
  field().value = text;
  document.dispatchEvent(new CustomEvent("desk:mode", { detail: { mode } }));
  document.dispatchEvent(new CustomEvent("desk:written"));
}

document.addEventListener("click", (event) => {
  const control = event.target.closest?.("[data-edits], [data-stops-editing]");
  if (!control) return;
  event.preventDefault();
  if (control.dataset.edits) begin(control);
  else end();
});
document.addEventListener("keydown", (event) => {
  if (event.code !== "Escape" || event.target !== field() || !editing()) return;
  event.preventDefault();
  end();
});
document.addEventListener("desk:sent", end);
