// Sixty emoji that are common in answers: a small grid above the field; arrows walk, Enter puts one in, Esc closes.
const SIGNS = [
  ..."😀😃😄😁😊🙂😉😍🥰😘😎🤗🤔😅😂🤣😇😌😔😢😭😞😟😕😮😳😱😴🤝👍👎👌👏🙏💪👋✋",
  ..."💚💙⭐🔥🎉🎁🌹✅❌❗❓⏰📅📞📱💳💰🏦📍📄🔒",
  "❤️", "☀️", "⚠️", "☝️", // drawn in colour only with the sign that asks for it
];
const IN_A_ROW = 10;

const field = () => document.getElementById("text");
const grid = () => document.getElementById("emoji-grid");
const opener = () => document.getElementById("emoji");

function open() {
  const drawn = document.createElement("div");
  drawn.id = "emoji-grid";
  drawn.className = "emoji";
  drawn.setAttribute("role", "dialog");
  drawn.setAttribute("aria-label", opener().title);
  drawn.append(...SIGNS.map((sign) => Object.assign(document.createElement("button"), { type: "button", textContent: sign, tabIndex: -1 })));
  document.getElementById("pick").append(drawn);
  opener().setAttribute("aria-expanded", "true");
  drawn.firstElementChild.focus();
}

function close() {
  grid()?.remove();
  opener()?.setAttribute("aria-expanded", "false");
  field()?.focus();
}

function insert(sign) {
  field().setRangeText(sign, field().selectionStart, field().selectionEnd, "end");
  close();
  field().dispatchEvent(new Event("input", { bubbles: true }));
}

function walk(event) {
  const all = [...grid().children];
  const at = all.indexOf(document.activeElement);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, ArrowDown: at + IN_A_ROW, ArrowUp: at - IN_A_ROW, Home: 0, End: all.length - 1 }[event.code];
  if (event.code === "Escape") close();
  else if (to === undefined) return;
  else all[Math.min(Math.max(to, 0), all.length - 1)].focus();
  event.preventDefault();
}

document.addEventListener("click", (event) => {
  if (event.target.closest?.("#emoji")) return grid() ? close() : open();
  const sign = event.target.closest?.("#emoji-grid > button");
  if (sign) insert(sign.textContent);
  else if (grid() && !event.target.closest?.("#emoji-grid")) { grid().remove(); opener()?.setAttribute("aria-expanded", "false"); }
});
document.addEventListener("keydown", (event) => event.target.closest?.("#emoji-grid") && walk(event));
