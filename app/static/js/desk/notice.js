// A new word or a new chat is heard, stands in the window's title, and, when the window is hidden, in the system's notices.
const WAIT_BETWEEN = 1500;
let soundedAt = 0;
let unseen = 0;
let audio = null;
const heard = new Map(); // row → what of it has sounded: a row is drawn again for other reasons too

function arrived({ detail }) {
  const row = document.getElementById(detail.id);
  if (!row?.matches(".row[data-unread]")) return;
  const now = row.dataset.order + row.querySelector(".badge")?.textContent;
  if (heard.get(row.id) === now) return;
  heard.set(row.id, now);
  const open = row.matches("[aria-current]") && !document.hidden;
  if (open) return;
  beep();
  if (document.hidden) {
    unseen += 1;
    title();
    show(row);
  }
}

// A chat that was set aside has come back.
function back({ detail }) {
  const row = document.getElementById(detail.id);
  if (row.matches("[aria-current]") && !document.hidden) return;
  beep();
  if (document.hidden) show(row);
}

// A chat that comes to a list which is not shown is only counted there.
function counted({ detail: { id, by } }) {
  if (by > 0 && !document.getElementById(id.replace("count-", "rows-"))) beep();
}

// Two soft tones, made here: no file to fetch, none to be blocked.
function beep() {
  if (document.documentElement.dataset.sounds === "off" || Date.now() - soundedAt < WAIT_BETWEEN) return;
  soundedAt = Date.now();
  audio ??= new AudioContext();
  if (audio.state === "suspended") audio.resume().catch(() => {});
  [660, 880].forEach((pitch, number) => {
    const [tone, volume] = [audio.createOscillator(), audio.createGain()];
    const start = audio.currentTime + number * 0.14;
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0, start);
    volume.gain.linearRampToValueAtTime(0.12, start + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, start + 0.16);
    tone.connect(volume).connect(audio.destination);
    tone.start(start);
    tone.stop(start + 0.18);
  });
}

function title() {
  document.title = (unseen ? `(${unseen}) ` : "") + document.title.replace(/^\(\d+\) /, "");
}

// Only the name: what a client wrote does not belong on a locked screen.
function show(row) {
  if (!("Notification" in window) || Notification.permission !== "granted") return;
  const notice = new Notification(row.querySelector(".who").textContent.trim(), { tag: row.id });
  notice.onclick = () => { window.focus(); row.click(); notice.close(); };
}

document.addEventListener("live:swapped", arrived);
document.addEventListener("live:counted", counted);
document.addEventListener("desk:back", back);
document.addEventListener("desk:offered", back);
document.addEventListener("visibilitychange", () => { if (!document.hidden) { unseen = 0; title(); } });
// Browsers let a page sound and notify only after somebody has touched it.
document.addEventListener("click", () => {
  audio ??= new AudioContext();
  if ("Notification" in window && Notification.permission === "default") Notification.requestPermission();
}, { once: true });
