// Files: each goes by itself with a bar that fills; one that fails offers to go again.

const input = document.getElementById("file");
const flow = document.getElementById("flow");
const lines = document.getElementById("lines").dataset;
const LARGEST = 20 * 2 ** 20;

let last = Promise.resolve(); // one after another, in the order chosen

input.addEventListener("change", () => {
  [...input.files].forEach(add);
  input.value = "";
});

document.getElementById("text").addEventListener("paste", (event) => {
  const files = [...event.clipboardData.files];
  if (!files.length) return;
  event.preventDefault();
  files.forEach(add);
});

flow.addEventListener("dragover", (event) => event.preventDefault());
flow.addEventListener("drop", (event) => { event.preventDefault(); [...event.dataTransfer.files].forEach(add); });

function add(file) {
  const shown = document.getElementById("parcel").content.firstElementChild.cloneNode(true);
  const id = [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");
  shown.dataset.waiting = id;
  shown.querySelector(".file span").textContent = file.name;
  flow.append(shown);
  if (file.size > LARGEST) return fail(shown, file, id, { notice: lines.tooBig, final: true });
  last = last.then(() => send(shown, file, id));
}

async function send(shown, file, id) {
  shown.dataset.state = "sending";
  try {
    await window.talk.entered();
    const answer = await upload(file, id, shown.querySelector("progress"));
    shown.dataset.state = "sent"; // stored; it may stand in the dialogue a moment later
    window.talk.take(answer);
    window.talk.rest();
  } catch (error) {
    fail(shown, file, id, error);
  }
}

// fetch tells nothing of how far a body has gone.
function upload(file, id, bar) {
  const sent = new FormData();
  sent.set("id", id);
  sent.set("file", file, file.name);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const { key } = document.getElementById("talk").dataset;
    request.open("POST", `/widget/${key}/messages${window.talk.rev ? `?since=${window.talk.rev}` : ""}`);
    for (const [name, value] of Object.entries(window.talk.headers())) request.setRequestHeader(name, value);
    request.responseType = "json";
    request.upload.addEventListener("progress", ({ loaded, total }) => { bar.value = total ? loaded / total : 0; });
    request.addEventListener("load", () => {
      if (request.status === 200) resolve(request.response);
      else reject(window.talk.trouble(request.status, request.response, request.getResponseHeader("Retry-After")));
    });
    request.addEventListener("error", () => reject(window.talk.trouble(0)));
    request.send(sent);
  });
}

function fail(shown, file, id, error) {
  shown.dataset.state = "failed";
  shown.querySelector(".trouble")?.remove();
  const trouble = document.getElementById("trouble").content.cloneNode(true);
  trouble.querySelector("span").textContent = error.notice ?? (error.status === 413 ? lines.tooBig : lines.offline);
  const again = trouble.querySelector("[data-again]");
  again.hidden = error.final || [413, 422].includes(error.status); // the same file would be refused again
  again.addEventListener("click", () => { shown.querySelector(".trouble").remove(); last = last.then(() => send(shown, file, id)); });
  trouble.querySelector("[data-drop]").addEventListener("click", () => shown.remove());
  shown.append(trouble);
}
