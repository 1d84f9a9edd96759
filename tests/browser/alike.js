// What a page shows, line by line, less what each page knows by itself: clocks, tokens, what was seen where.
() => {
  const OWN = ["csrf_token", "client_id", "drawn"];
  const PASSING = "#presence, #unread, #newer, #over, #pick, #find, #toasts, #older, script, noscript";
  const LOCAL = ["data-digest", "data-rev", "data-unread", "data-level", "style", "tabindex", "aria-busy", "value"];
  const desk = document.getElementById("desk").cloneNode(true);
  desk.querySelectorAll(PASSING).forEach((one) => one.remove());
  desk.querySelectorAll("[data-since], [data-until], .wait, .place-of small").forEach((one) => { one.textContent = ""; });
  desk.querySelectorAll(OWN.map((name) => `[name=${name}]`).join()).forEach((one) => one.remove());
  const lines = [];
  const write = (one, depth) => {
    const told = [...one.attributes].filter(({ name }) => !LOCAL.includes(name) && !name.startsWith("data-htmx"));
    const attributes = told.map(({ name, value }) => `${name}="${value.trim().replace(/\s+/g, " ")}"`).sort().join(" ");
    const words = [...one.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data).join(" ");
    lines.push(`${" ".repeat(depth)}${one.localName} ${attributes} ${words.trim().replace(/\s+/g, " ")}`.trimEnd());
    for (const child of one.children) write(child, depth + 1);
  };
  write(desk, 0);
  return lines;
}
