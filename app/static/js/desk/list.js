// The list: one that was asked for otherwise than pushes keep it is fetched anew; a chat set aside is heard when it is
// back; Alt+L leads to the row of the open chat, or to the first.
const ASK_AFTER = 300;
const aside = new Set();
let asking = 0;

const plain = () => !document.getElementById("rows-found");

function askAnew() {
  clearTimeout(asking);
  asking = setTimeout(() => document.dispatchEvent(new CustomEvent("live:ask", { detail: { id: "chats" } })), ASK_AFTER);
}

// The open chat's head says whether it is set aside; nobody pushes heads, so each page asks for its own.
function headFollows(row) {
  const head = document.getElementById("head");
  if (!head || `row-${head.dataset.chat}` !== row.id || row.hasAttribute("data-aside") === head.hasAttribute("data-aside")) return;
  document.dispatchEvent(new CustomEvent("live:ask", { detail: { id: "head" } }));
}

function remember() {
  for (const row of document.querySelectorAll("#chats .row[data-aside]")) aside.add(row.id);
}

function changed(row) {
  headFollows(row);
  if (row.hasAttribute("data-aside")) aside.add(row.id);
  else if (aside.delete(row.id)) document.dispatchEvent(new CustomEvent("desk:back", { detail: { id: row.id } }));
}

function lead(event) {
  if (event.code !== "KeyL" || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  (document.querySelector("#chats .row[aria-current]") ?? document.querySelector("#chats .row"))?.focus();
}

document.addEventListener("keydown", lead);
document.addEventListener("live:swapped", ({ detail }) => {
  const row = document.getElementById(detail.id);
  if (detail.id === "chats") remember();
  if (!row?.matches(".row")) return;
  changed(row);
  if (!plain()) askAnew();
});
// A row of a list that is not shown may be one that the search would find.
document.addEventListener("live:missed", ({ detail }) => detail.id.startsWith("row-") && !plain() && askAnew());
document.addEventListener("htmx:after:swap", remember);
remember();
