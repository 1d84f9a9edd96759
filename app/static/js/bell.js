// The bell: its count, its newest when it opens, and urgent news over the page.
const bell = document.getElementById("bell");
const count = () => document.getElementById("bell-count");
const windows = document.getElementById("before-work");

function marked() {
  count()?.toggleAttribute("data-none", !Number(count().textContent));
}

// The list is asked for when it is looked at; afterwards the count is asked for, too.
function opened() {
  if (!bell.open) return;
  for (const one of [document.getElementById("bell-list"), count()]) {
    one.dataset.heal ??= one.dataset.from;
    document.dispatchEvent(new CustomEvent("live:ask", { detail: { id: one.id } }));
  }
}

// A window that a push has brought. Its heading is focused: who is just typing must not confirm with the next Enter.
function show() {
  for (const one of windows.querySelectorAll("dialog[data-modal]:not([open])")) {
    one.showModal();
    const heading = one.querySelector("h2");
    heading.tabIndex = -1;
    heading.focus();
  }
}

// What a push may have missed; a window that is open stays as it is.
async function heal() {
  const answer = await fetch(windows.dataset.from, { headers: { "HX-Request": "true", "X-Unattended": "1" } }).catch(() => null);
  if (!answer?.ok || answer.status === 204) return;
  const html = await answer.text();
  const id = /id="(news-\d+)"/.exec(html)?.[1];
  if (id && !document.getElementById(id)) document.dispatchEvent(new CustomEvent("live:add", { detail: { html, list: windows.id } }));
}

// A browser lets nobody keep a window open against a second Escape: it comes back.
windows?.addEventListener("close", () => setTimeout(show), true);
if (windows) document.body.append(windows); // a window with a heading of its own does not belong into the page's
bell?.addEventListener("toggle", opened);
document.addEventListener("live:counted", ({ detail }) => detail.id === "bell-count" && marked());
document.addEventListener("live:swapped", ({ detail }) => detail.id.startsWith("news-") && show());
document.addEventListener("live:heal", heal);
