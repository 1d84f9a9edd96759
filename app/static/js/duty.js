// Being at work: says that its person acts, at most once a minute, and asks before a seat is freed for inactivity.
// All pages of one browser share the moment of the last act. The server judges; this only tells and warns.
const REPORTED_EVERY = 60000;
const WARNED_MS = 60000;
const TRIED_AGAIN = 2000; // while the connection is away
const ACTS = ["pointerdown", "keydown", "wheel", "touchstart"];
const KEPT = "duty:acted";

let reportedAt = 0;
let trailing = 0;
let pointer = "";

const dialog = () => document.getElementById("duty-idle");
const limit = () => Number(document.getElementById("duty")?.dataset.idle ?? 0) * 1000;

function actedAt() {
  return Number(localStorage.getItem(KEPT)) || Date.now();
}

function acted() {
  if (dialog()?.open) return; // a nudge of the mouse is no answer to the question
  localStorage.setItem(KEPT, String(Date.now()));
  const wait = reportedAt + REPORTED_EVERY - Date.now();
  if (wait <= 0) report();
  else trailing ||= setTimeout(report, wait);
}

// Older Chrome tells of a move when the page moves under a resting mouse: a busy desk would never be idle.
function moved({ screenX, screenY }) {
  const place = `${screenX} ${screenY}`;
  if (place === pointer) return;
  pointer = place;
  acted();
}

function report() {
  clearTimeout(trailing);
  trailing = 0;
  if (!["online", "back"].includes(document.documentElement.dataset.wire)) {
    trailing = setTimeout(report, TRIED_AGAIN);
    return;
  }
  reportedAt = Date.now();
  document.dispatchEvent(new CustomEvent("live:active"));
}

function watch() {
  const box = dialog();
  if (!box) return;
  const left = limit() ? actedAt() + limit() - Date.now() : Infinity;
  if (left > WARNED_MS || left < -WARNED_MS) return box.close();
  box.querySelector("[data-left]").textContent = String(Math.max(0, Math.ceil(left / 1000)));
  if (!box.open) box.showModal();
}

function here() {
  dialog().close();
  acted();
  report();
}

// By the key the menu opens with its first choice ready for the arrows.
function toggled(event) {
  if (!event.target.matches?.("#duty details[open]")) return;
  event.target.querySelector(".item:not([disabled])")?.focus({ focusVisible: true });
}

for (const act of ACTS) document.addEventListener(act, acted, { passive: true, capture: true });
document.addEventListener("pointermove", moved, { passive: true, capture: true });
document.addEventListener("click", (event) => event.target.closest?.("[data-here]") && here());
document.addEventListener("toggle", toggled, true);
acted(); // the page was opened by somebody
setInterval(watch, 1000);
