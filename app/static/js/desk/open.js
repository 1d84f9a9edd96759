// Opening a chat: htmx swaps #talk in; here the rest of the page follows it.
const desk = () => document.getElementById("desk");
const talk = () => document.getElementById("talk");

function follow() {
  const shown = talk();
  if (!shown || !desk()) return;
  desk().dataset.view = shown.dataset.view;
  mark();
  document.dispatchEvent(new CustomEvent("desk:opened", { detail: { chat: shown.dataset.chat } }));
}

// Which row is the open chat: known only to this page, so pushed rows never carry it.
function mark() {
  const id = talk()?.dataset.chat;
  for (const row of document.querySelectorAll(".rows > .row[aria-current]")) {
    if (row.id !== `row-${id}`) row.removeAttribute("aria-current");
  }
  document.getElementById(`row-${id}`)?.setAttribute("aria-current", "true");
}

// The chat is no longer ours to see: back to the list.
function close() {
  window.htmx.ajax("GET", "/chats", { target: "#talk", swap: "outerHTML", push: "/chats" });
}

let opened = talk();
document.addEventListener("htmx:after:swap", () => {
  if (talk() !== opened) {
    opened = talk();
    follow();
  } else {
    mark();
  }
});
document.addEventListener("live:swapped", mark);
// A panel that was closed is gone: a modal one opens by itself whenever it is found in the page.
document.addEventListener("close", (event) => event.target.closest?.("#over") && event.target.remove(), true);
document.addEventListener("live:gone", ({ detail }) => detail.id === "head" && close());
