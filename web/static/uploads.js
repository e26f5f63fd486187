/* Uploads in pieces (tus 1.0.0): progress, pause, and going on after a lost connection or a reload. Without script the form is sent as it is. */
(() => {
  "use strict";
  const PIECE = 4 * 1024 * 1024;
  const PATIENCE = [1000, 2000, 5000, 10000, 20000];
  const form = document.querySelector("form[data-resumable]");
  if (!form) return;
  const input = form.querySelector("input[type=file]");
  const panel = form.querySelector("[data-progress]");
  const bar = panel.querySelector("progress");
  const share = panel.querySelector("[data-share]");
  const pause = panel.querySelector("[data-pause]");
  const goOn = panel.querySelector("[data-continue]");
  const kept = `upload ${form.action}`;
  const headers = { "Tus-Resumable": "1.0.0", "X-CSRF-Token": form.elements.csrf.value };
  const mark = (file) => `${file.name} ${file.size} ${file.lastModified}`;
  let sending = null;
  let paused = false;

  const told = JSON.parse(localStorage.getItem(kept) || "null");
  if (told) {
    const hint = form.querySelector("[data-interrupted]");
    hint.hidden = false;
    hint.querySelector("[data-interrupted-name]").textContent = told.name;
  }

  form.addEventListener("submit", (event) => {
    const file = input.files[0];
    if (!file || form.elements.upload.value) return;
    event.preventDefault();
    event.stopPropagation(); // app.js would lock the form, and with it the button that pauses
    if (!panel.hidden && !paused) return;
    panel.hidden = false;
    paused = false;
    send(file);
  });
  pause.addEventListener("click", () => {
    paused = true;
    if (sending) sending.abort();
    state("paused");
  });
  goOn.addEventListener("click", () => {
    paused = false;
    send(input.files[0]);
  });

  function state(name) {
    for (const words of panel.querySelectorAll("[data-state]")) words.hidden = words.dataset.state !== name;
    pause.hidden = name === "paused";
    goOn.hidden = name !== "paused";
  }
  function show(done, all) {
    bar.value = (100 * done) / all;
    share.textContent = new Intl.NumberFormat(document.documentElement.lang, { style: "percent" }).format(done / all);
  }

  async function send(file) {
    let tries = 0;
    state("going");
    while (!paused) {
      try {
        const place = await begin(file);
        let done = await offset(place);
        while (done < file.size) {
          show(done, file.size);
          done = await piece(place, file, done);
          tries = 0;
          state("going");
        }
        finish(place);
        return;
      } catch (trouble) {
        if (paused) return;
        if (trouble.status >= 400 && trouble.status < 500 && ![404, 408, 409, 410].includes(trouble.status)) {
          refuse();
          return;
        }
        if (trouble.status === 404 || trouble.status === 410) localStorage.removeItem(kept);
        state("lost");
        await new Promise((done) => setTimeout(done, PATIENCE[Math.min(tries++, PATIENCE.length - 1)]));
      }
    }
  }

  async function begin(file) {
    const told = JSON.parse(localStorage.getItem(kept) || "null");
    if (told && told.mark === mark(file)) return told.place;
    const words = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
    const answer = await ask("POST", "/uploads", {
      "Upload-Length": String(file.size),
      "Upload-Metadata": `filename ${words(file.name)},filetype ${words(file.type || "application/octet-stream")}`,
    });
    const place = answer.headers.get("Location");
    localStorage.setItem(kept, JSON.stringify({ mark: mark(file), name: file.name, place }));
    return place;
  }
  async function offset(place) {
    return Number((await ask("HEAD", place)).headers.get("Upload-Offset"));
  }
  async function ask(method, place, more = {}) {
    const answer = await fetch(place, { method, headers: { ...headers, ...more } });
    if (!answer.ok) throw answer;
    return answer;
  }
  /* XMLHttpRequest: fetch does not tell how much it has sent. */
  function piece(place, file, start) {
    return new Promise((done, fail) => {
      const request = (sending = new XMLHttpRequest());
      request.upload.onprogress = (event) => show(start + event.loaded, file.size);
      request.onload = () => {
        const next = Number(request.getResponseHeader("Upload-Offset"));
        if (request.status === 204) done(next);
        else fail({ status: request.status });
      };
      request.onerror = request.onabort = () => fail({ status: 0 });
      request.open("PATCH", place);
      for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
      request.setRequestHeader("Upload-Offset", String(start));
      request.setRequestHeader("Content-Type", "application/offset+octet-stream");
      request.send(file.slice(start, start + PIECE));
    });
  }
  function finish(place) {
    show(1, 1);
    localStorage.removeItem(kept);
    form.elements.upload.value = place.split("/").pop();
    input.disabled = true;
    form.submit();
  }
  /* What the hub refuses is said by the page itself, in the reader's language. */
  function refuse() {
    localStorage.removeItem(kept);
    form.elements.upload.value = "";
    form.submit();
  }
})();
