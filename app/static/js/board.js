// A board is fetched anew soon after something has changed, and now and then; not while somebody chooses in it.
const SOON = 1200;
const EVERY = 10000;
let asking = 0;

function busy() {
  const board = document.getElementById("board");
  return !board || document.hidden || board.querySelector("input[type=checkbox][name=chat]:checked, details.menu[open]") || board.contains(document.activeElement) && document.activeElement.matches("select, input");
}

function askSoon() {
  clearTimeout(asking);
  asking = setTimeout(ask, SOON);
}

function ask() {
  if (!busy()) document.dispatchEvent(new CustomEvent("live:ask", { detail: { id: "board" } }));
}

document.addEventListener("live:counted", askSoon);
document.addEventListener("live:missed", askSoon);
setInterval(ask, EVERY);
