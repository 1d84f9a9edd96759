// Taking back a word that is not sent yet: the seconds run down in its bubble, Alt+Z takes back the last one, and its
// text stands in the field again, before what was typed meanwhile; a note that was begun waits until it is sent anew.
// Says "desk:put-aside" {composer} of the field that goes.
const MOST = 5;
const GIVEN_UP = 20000; // without an answer
const me = document.getElementById("desk").dataset.me;
const waiting = () => [...document.querySelectorAll(`.msg[data-by="${me}"] [data-undoes]`)];
let ticking = 0;

function tick() {
  const buttons = waiting();
  for (const button of buttons) button.querySelector("[data-left]").textContent = seconds(button) || "";
  if (!buttons.length) {
    clearInterval(ticking);
    ticking = 0;
  }
}

// This computer's clock may differ from the server's: then the number is left out or stands still, and the button works.
function seconds(button) {
  return Math.min(MOST, Math.max(0, Math.ceil((Date.parse(button.dataset.undoes) - Date.now()) / 1000)));
}

function watch() {
  if (ticking || !waiting().length) return;
  ticking = setInterval(tick, 250);
  tick();
}

async function undo(button) {
  const composer = document.getElementById("composer");
  const body = new FormData();
  body.set("text", composer?.dataset.mode === "reply" ? document.getElementById("text")?.value ?? "" : "");
  for (const file of composer?.querySelectorAll("[name=file]") ?? []) body.append("file", file.value);
  const headers = { "HX-Request": "true", "X-CSRF-Token": document.querySelector("meta[name=csrf]").content };
  const url = button.getAttribute("formaction");
  button.disabled = true;
  const answer = await fetch(url, { method: "POST", body, headers, signal: AbortSignal.timeout(GIVEN_UP) }).catch(() => null);
  const html = await answer?.text().catch(() => undefined);
  if (!answer?.ok || html === undefined) {
    button.disabled = false;
    return refused({ status: answer?.status, html });
  }
  document.dispatchEvent(new CustomEvent("live:sent"));
  if (document.getElementById("composer") !== composer) return;
  document.dispatchEvent(new CustomEvent("desk:put-aside", { detail: { composer } }));
  await window.htmx.swap({ target: composer, text: html, swap: "outerHTML" });
  document.dispatchEvent(new CustomEvent("desk:written"));
  const field = document.getElementById("text");
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
}

function refused(detail) {
  document.dispatchEvent(new CustomEvent("refused", { detail }));
}

// Whatever shows that a word is gone takes its bubble away, in a push as after an interruption.
function swapped({ detail }) {
  const gone = document.getElementById(detail.id)?.dataset.gone;
  if (gone) document.getElementById(gone)?.remove();
  watch();
}

document.addEventListener("live:swapped", swapped);
document.addEventListener("desk:opened", watch);
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-undoes]");
  if (!button) return;
  event.preventDefault();
  undo(button);
});
document.addEventListener("keydown", (event) => {
  if (event.code !== "KeyZ" || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const last = waiting().at(-1);
  if (!last || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  undo(last);
});
watch();
