// Changing a sent message: its text comes into the field under a bar that says so; Esc leaves it as it was.
const me = document.getElementById("desk").dataset.me;
let kept = ""; // what stood in the field before

// Every page gets the same bubble; what only its author may do is hidden from the others.
const others = new CSSStyleSheet();
others.replaceSync(`.msg[data-by]:not([data-by="${me}"]) .own { display: none; }`);
document.adoptedStyleSheets = [...document.adoptedStyleSheets, others];

const composer = () => document.getElementById("composer");
const field = () => document.getElementById("text");
const editing = () => composer()?.dataset.mode === "edit";

async function begin(link) {
  if (!composer()?.hasAttribute("data-answers") || composer().dataset.sending) return;
  const answer = await fetch(link.href, { headers: { "HX-Request": "true" } }).catch(() => null);
  const text = await answer?.text().catch(() => undefined);
  if (!answer?.ok || text === undefined) return refused({ status: answer?.status, html: text });
  if (!editing()) kept = field().value;
  composer().dataset.editing = link.dataset.edits;
  show("edit", text);
}

function refused(detail) {
  document.dispatchEvent(new CustomEvent("refused", { detail }));
}

function end() {
  if (!editing()) return;
  delete composer().dataset.editing;
  show("reply", kept);
}

function show(mode, text) {
  composer().dataset.mode = mode;
  document.getElementById("editing").hidden = mode !== "edit";
  const send = document.getElementById("send");
  send.textContent = send.dataset[mode];
  field().value = text;
  document.dispatchEvent(new CustomEvent("desk:written"));
  field().focus();
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
