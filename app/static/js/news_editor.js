// The toolbar above a text: puts the marks of the markup around what is chosen. The text itself stays plain.
function put(area, text, chosen = 0) {
  area.focus();
  const from = area.selectionStart;
  // The old command keeps Ctrl+Z working; setRangeText does not.
  if (!document.execCommand("insertText", false, text)) area.setRangeText(text, from, area.selectionEnd, "end");
  if (chosen) area.setSelectionRange(from + chosen, area.selectionEnd - chosen);
}

function around(area, mark) {
  const { selectionStart: from, selectionEnd: to, value } = area;
  put(area, mark + value.slice(from, to) + mark, mark.length);
}

// Whole lines, each with the sign before it.
function before(area, sign) {
  const { value } = area;
  const from = value.lastIndexOf("\n", area.selectionStart - 1) + 1;
  const end = value.indexOf("\n", area.selectionEnd);
  area.setSelectionRange(from, end < 0 ? value.length : end);
  put(area, value.slice(from, area.selectionEnd).split("\n").map((line) => sign + line).join("\n"));
}

function press({ target }) {
  const button = target.closest("button");
  const area = document.getElementById(this.dataset.edits);
  if (!button) return;
  const { around: mark, before: sign, link, puts } = button.dataset;
  if (mark) around(area, mark);
  else if (sign) before(area, sign);
  else if (puts) put(area, puts);
  else if (link) put(area, `[${area.value.slice(area.selectionStart, area.selectionEnd)}](${link})`);
}

for (const toolbar of document.querySelectorAll("[data-edits]")) {
  toolbar.hidden = false;
  toolbar.addEventListener("click", press);
}
