// Runs every clock of the page: [data-since] counts up, [data-until] counts down. The server sends times, never ticks.
// Desktops here may be minutes off, so the page's own <meta name="now"> tells how wrong this one is.
const told = document.querySelector('meta[name="now"]');
const skew = told ? Number(told.content) - Math.floor(Date.now() / 1000) : 0;
let timer = 0;

export function span(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (n) => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

function tick() {
  const now = Math.floor(Date.now() / 1000) + skew;
  for (const clock of document.querySelectorAll("[data-since], [data-until]")) {
    const { since, until, warn, late } = clock.dataset;
    const seconds = until ? until - now : now - since;
    write(clock.querySelector("[data-tick]") || clock, span(seconds));
    if (late) level(clock, seconds >= Number(late) ? "late" : seconds >= Number(warn) ? "warn" : "calm");
  }
}

// Untouched nodes cost nothing: three hundred rows tick, a few change colour.
function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function level(node, name) {
  if (node.dataset.level !== name) node.dataset.level = name;
}

function wake() {
  clearInterval(timer);
  if (document.hidden) return;
  tick();
  timer = setInterval(tick, 1000);
}

document.addEventListener("visibilitychange", wake);
wake();
