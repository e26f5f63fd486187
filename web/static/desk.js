/* The translation desk by keys. What is being written is kept in the browser until it is approved. */
(() => {
  "use strict";
  const page = document.getElementById("review");
  const all = document.querySelector("[data-all]");

  /* The list: j and k move between texts, x chooses one. */
  if (all) {
    const boxes = () => Array.from(document.querySelectorAll(`input[name=${all.dataset.all}]`));
    all.addEventListener("change", () => boxes().forEach((box) => { box.checked = all.checked; }));
    const rows = Array.from(document.querySelectorAll("[data-row]"));
    document.addEventListener("keydown", (event) => {
      if (plain(event)) return;
      const at = rows.findIndex((row) => row.contains(document.activeElement));
      const step = { j: 1, k: -1 }[event.key];
      if (step && rows.length) {
        event.preventDefault();
        rows[Math.min(rows.length - 1, Math.max(0, at + step))].querySelector("a").focus();
      } else if (event.key === "x" && at >= 0) {
        const box = rows[at].querySelector("input[type=checkbox]");
        if (box) box.checked = !box.checked;
      }
    });
  }

  function plain(event) {
    return event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
  }

  if (!page) return;
  const field = document.getElementById("text");
  const form = document.getElementById("words");
  const dialog = document.getElementById("keys");
  const kept = document.getElementById("kept");
  const key = `desk ${page.dataset.text} ${page.dataset.language}`;
  const first = field.defaultValue;

  /* Terms of the glossary are marked in the original; offsets are UTF-16, as strings here are. */
  const source = document.getElementById("source");
  const words = source.textContent;
  let reached = 0;
  const parts = [];
  for (const term of JSON.parse(source.dataset.terms)) {
    if (term.start < reached) continue;
    parts.push(words.slice(reached, term.start));
    const mark = document.createElement("mark");
    mark.className = term.keep ? "term keep" : "term";
    mark.textContent = words.slice(term.start, term.start + term.length);
    mark.title = term.keep ? mark.textContent : term.targets.join(" · ");
    parts.push(mark);
    reached = term.start + term.length;
  }
  source.replaceChildren(...parts, words.slice(reached));

  /* No lost typing: kept while it differs from what the page came with. */
  const saved = JSON.parse(localStorage.getItem(key) || "null");
  const after = document.querySelector("[role=alert]") !== null;
  if (saved && !after && saved.text !== first) {
    field.value = saved.text;
    kept.hidden = false;
    check();
  }
  field.addEventListener("input", () => {
    if (field.value === first) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify({ text: field.value, version: page.dataset.version }));
  });
  form.addEventListener("submit", () => {
    sessionStorage.setItem("desk approved", key);
  });
  const approved = sessionStorage.getItem("desk approved");
  if (approved && !after) {
    if (approved !== key) localStorage.removeItem(approved);
    sessionStorage.removeItem("desk approved");
  }
  kept.querySelector("[data-forget]").addEventListener("click", () => {
    localStorage.removeItem(key);
    kept.hidden = true;
    write(first);
  });

  function check() {
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  function write(text) {
    field.value = text;
    field.focus();
    check();
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-insert]");
    if (button && !field.readOnly) write(document.querySelector(button.dataset.insert).textContent);
  });

  const press = (name) => {
    const target = page.querySelector(`[data-key="${name}"]`);
    if (target) target.click();
    return Boolean(target);
  };
  document.addEventListener("keydown", (event) => {
    if (dialog.open || event.isComposing) return;
    const approve = page.querySelector("[data-approve]");
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      if (approve) form.requestSubmit(approve);
    } else if (event.altKey && /^Digit[1-9]$/.test(event.code)) {
      if (press(`Alt${event.code.slice(5)}`)) event.preventDefault();
    } else if (event.key === "Escape") {
      if (document.activeElement === field) field.blur();
      else location.assign(document.querySelector(".crumbs a").href);
    } else if (!plain(event)) {
      if (event.key === "j" || event.key === "k" || event.key === "?") {
        event.preventDefault();
        press(event.key);
      } else if (event.key === "e") {
        event.preventDefault();
        field.focus();
      }
    }
  });
})();
