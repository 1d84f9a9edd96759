// Offered chats: each new one is heard, its ring runs out, and one whose time is over is asked about.
// Says "desk:offered" {id}.
const told = document.querySelector('meta[name="now"]');
const skew = told ? Number(told.content) - Math.floor(Date.now() / 1000) : 0;
const heard = new Set();
const whole = new Map(); // card → seconds it had when it came
let timer = 0;

const cards = () => [...document.querySelectorAll("#offers [data-offer]")];

function look() {
  clearInterval(timer);
  const here = cards();
  for (const card of here) {
    if (heard.has(card.id)) continue;
    heard.add(card.id);
    document.dispatchEvent(new CustomEvent("desk:offered", { detail: { id: card.id } }));
  }
  for (const id of heard) {
    if (!here.some((card) => card.id === id)) { heard.delete(id); whole.delete(id); }
  }
  if (here.length) { run(); timer = setInterval(run, 250); }
}

function run() {
  for (const card of cards()) {
    const ring = card.querySelector("[data-ends]");
    const left = Number(ring.dataset.ends) - (Date.now() / 1000 + skew);
    if (!whole.has(card.id)) whole.set(card.id, Math.max(left, 1));
    ring.style.setProperty("--left", String(Math.max(0, left / whole.get(card.id))));
    if (left < -1) { clearInterval(timer); return ask(); }
  }
}

function ask() {
  document.dispatchEvent(new CustomEvent("live:ask", { detail: { id: "offers" } }));
  timer = setInterval(look, 3000);
}

document.addEventListener("live:swapped", ({ detail }) => ["offers", "chats"].includes(detail.id) && look());
document.addEventListener("htmx:after:swap", look);
look();
