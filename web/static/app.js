/* Small help for pages that work without it: menus, dialogs, theme, uploads, progress, focus. No inline script, no library but htmx. */
(() => {
  "use strict";
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));

  /* Menus: Escape or a press elsewhere closes; focus returns to what opened it. */
  document.addEventListener("click", (event) => {
    for (const menu of all("details[data-menu][open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of all("details[data-menu][open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  /* Theme: at once on the page, then kept by the server in a cookie. */
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-theme-form] button[name=theme]");
    if (!button) return;
    event.preventDefault();
    const form = button.form;
    for (const other of all("button[name=theme]", form)) other.setAttribute("aria-pressed", String(other === button));
    if (button.value !== "system") document.documentElement.dataset.theme = button.value;
    else delete document.documentElement.dataset.theme;
    const data = new URLSearchParams(new FormData(form));
    data.set("theme", button.value);
    await fetch(form.action, { method: "POST", body: data, redirect: "manual" });
  });

  /* A press is a press: the second one of the same form is swallowed while the first is under way. */
  const confirmed = new WeakSet();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.confirm && !confirmed.has(form)) {
      event.preventDefault();
      ask(form.dataset.confirm, form, event.submitter);
      return;
    }
    if (form.method !== "post") return;
    if (form.classList.contains("busy")) {
      event.preventDefault();
      return;
    }
    form.classList.add("busy");
    form.setAttribute("aria-busy", "true");
    const bar = form.querySelector("[data-upload]");
    if (bar && all("input[type=file]", form).some((input) => input.files.length)) {
      event.preventDefault();
      upload(form, bar, event.submitter);
    }
  });
  window.addEventListener("pageshow", () => all("form.busy").forEach(release));
  function release(form) {
    form.classList.remove("busy");
    form.removeAttribute("aria-busy");
  }

  function ask(words, form, submitter) {
    const dialog = document.getElementById("confirm");
    dialog.querySelector("#confirm-words").textContent = words;
    dialog.onclose = () => {
      if (dialog.returnValue === "yes") {
        confirmed.add(form);
        form.requestSubmit(submitter || undefined);
      } else if (submitter) submitter.focus();
    };
    dialog.returnValue = "no";
    dialog.showModal();
  }
  document.addEventListener("click", (event) => {
    const choice = event.target.closest("[data-yes], [data-close]");
    if (choice && choice.closest("dialog")) choice.closest("dialog").close(choice.value);
    const opener = event.target.closest("[data-dialog]");
    if (opener) {
      event.preventDefault();
      document.getElementById(opener.dataset.dialog).showModal();
    }
  });

  /* Uploads show their share; the answer replaces the page as an ordinary post would. */
  function upload(form, bar, submitter) {
    const request = new XMLHttpRequest();
    const progress = bar.querySelector("progress");
    const share = bar.querySelector("[data-upload-share]");
    bar.hidden = false;
    request.upload.onprogress = (event) => {
      if (!event.lengthComputable) return;
      progress.value = (100 * event.loaded) / event.total;
      share.textContent = new Intl.NumberFormat(document.documentElement.lang, { style: "percent" }).format(event.loaded / event.total);
    };
    request.onload = () => {
      const onwards = request.getResponseHeader("X-Go-On");
      if (onwards) {
        location.assign(onwards);
        return;
      }
      document.documentElement.innerHTML = new DOMParser().parseFromString(request.responseText, "text/html").documentElement.innerHTML;
      if (window.htmx) window.htmx.process(document.body);
      ready(document);
    };
    request.onerror = () => {
      bar.hidden = true;
      release(form);
      form.submit();
    };
    request.open("POST", form.action);
    request.setRequestHeader("X-Uploaded-By", "page");
    const data = new FormData(form);
    if (submitter && submitter.name) data.append(submitter.name, submitter.value);
    request.send(data);
  }

  /* Files: the chosen name is shown, and can be dropped. */
  document.addEventListener("change", (event) => {
    const drop = event.target.closest("[data-drop]");
    if (drop) drop.querySelector("[data-drop-name]").textContent = Array.from(event.target.files, (file) => file.name).join(", ");
    const auto = event.target.closest("form[data-auto]");
    if (auto && !auto.hasAttribute("hx-get")) auto.requestSubmit();
  });
  for (const [name, over] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
    document.addEventListener(name, (event) => {
      const drop = event.target.closest && event.target.closest("[data-drop]");
      if (!drop) return;
      event.preventDefault();
      drop.classList.toggle("over", over);
      if (name === "drop" && event.dataTransfer.files.length) {
        const input = drop.querySelector("input[type=file]");
        input.files = event.dataTransfer.files;
        input.dispatchEvent(new Event("change", { bubbles: true }));
      }
    });
  }

  /* Copy a secret that is shown once. */
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
    say(button.dataset.copied);
  });
  function say(words) {
    const toast = document.createElement("div");
    toast.className = "toast";
    toast.dataset.tone = "jade";
    const line = document.createElement("p");
    line.textContent = words;
    toast.append(line);
    document.getElementById("toasts").append(toast);
    setTimeout(() => toast.remove(), 6000);
  }

  /* Switches move by arrow keys. */
  document.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const group = step && event.target.closest(".switch, .tabs");
    if (!group) return;
    const items = all("a, button", group);
    const next = items[(items.indexOf(event.target) + step + items.length) % items.length];
    if (next) {
      event.preventDefault();
      next.focus();
    }
  });

  /* After a refused form the first wrong field has the focus; on a phone the first lane with deals is open. */
  function ready(root) {
    const wrong = root.querySelector("[data-focus]");
    if (wrong) wrong.focus();
    if (matchMedia("(max-width: 48rem)").matches) {
      const lanes = all("details.lane", root);
      const first = lanes.find((lane) => lane.querySelector(".ticket"));
      for (const lane of lanes) lane.open = lane === first;
    }
    for (const toast of all("#toasts .toast", root)) setTimeout(() => toast.remove(), 8000);
  }
  document.addEventListener("DOMContentLoaded", () => ready(document));

  /* One page is kept for when the hub cannot be reached, in the language that was read last. */
  if ("serviceWorker" in navigator) {
    navigator.serviceWorker.register("/sw.js").then((registration) => {
      const language = document.documentElement.lang;
      if (localStorage.getItem("language") === language) return;
      localStorage.setItem("language", language);
      if (registration.active) registration.active.postMessage("language");
    });
  }
})();
