// Files for the next message: chosen, pasted or dropped; each is kept on the server at once and shown as a tile.
const GIVEN_UP = 300000; // a large file on a slow line takes its minutes, a dead line is not waited for
const late = new Map(); // chat → tiles that came while another was open

async function attach(files) {
  const [composer, tiles] = [document.getElementById("composer"), document.getElementById("attached")];
  if (!composer?.hasAttribute("data-answers") || composer.dataset.mode === "note") return toast(composer?.dataset.noFiles);
  for (const file of files) {
    if (file.size > Number(document.getElementById("upload").dataset.largest ?? Infinity)) {
      refused({ status: 413 }); // at once, not after its minutes on the line
      continue;
    }
    const tile = waiting(file);
    tiles.append(tile);
    const answer = await send(composer.dataset.chat, file);
    const html = await answer?.text().catch(() => undefined);
    tile.remove();
    if (answer?.ok && html) put(composer.dataset.chat, html);
    else refused({ status: answer?.status, html });
  }
}

// The field may have been drawn anew meanwhile, or that of another chat stands there.
function put(chat, html) {
  if (attached(chat)) attached(chat).insertAdjacentHTML("beforeend", html);
  else late.set(chat, (late.get(chat) ?? "") + html);
}

function attached(chat) {
  return document.getElementById("composer")?.dataset.chat === chat ? document.getElementById("attached") : null;
}

function send(chat, file) {
  const body = new FormData();
  body.set("upload", file, file.name || "image.png");
  const headers = { "HX-Request": "true", "X-CSRF-Token": document.querySelector("meta[name=csrf]").content };
  return fetch(`/chats/${chat}/files`, { method: "POST", body, headers, signal: AbortSignal.timeout(GIVEN_UP) }).catch(() => null);
}

function waiting(file) {
  const tile = document.createElement("div");
  tile.className = "file";
  const name = document.createElement("span");
  name.textContent = file.name;
  tile.append(name, document.createElement("progress"));
  return tile;
}

function toast(text) {
  if (text) document.dispatchEvent(new CustomEvent("toast", { detail: { text, tone: "hold" } }));
}

function refused(detail) {
  document.dispatchEvent(new CustomEvent("refused", { detail }));
}

document.addEventListener("change", (event) => {
  if (event.target.id !== "upload") return;
  attach([...event.target.files]);
  event.target.value = "";
});
document.addEventListener("paste", (event) => {
  if (event.target.id !== "text" || !event.clipboardData.files.length) return;
  event.preventDefault();
  attach([...event.clipboardData.files]);
});
document.addEventListener("dragover", (event) => {
  if (event.target.closest?.(".thread") && event.dataTransfer.types.includes("Files")) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  if (!event.target.closest?.(".thread") || !event.dataTransfer.files.length) return;
  event.preventDefault();
  attach([...event.dataTransfer.files]);
});
document.addEventListener("desk:opened", ({ detail: { chat } }) => {
  if (!late.has(chat) || !attached(chat)) return;
  put(chat, late.get(chat));
  late.delete(chat);
});
document.addEventListener("click", (event) => event.target.closest?.("[data-detach]")?.closest("[data-file]").remove());
