/* The search box: a list box of suggestions, and on the search page results that follow what is typed. The form works without. */
(() => {
  "use strict";
  const PAUSE = 180;
  const input = document.getElementById("q");
  if (!input) return;
  const form = input.form;
  const live = location.pathname === "/search";
  let list = null;
  let at = -1;
  let timer = 0;
  let asked = null;

  const options = () => (list ? Array.from(list.querySelectorAll("[role=option]")) : []);

  function close() {
    if (list) list.remove();
    list = null;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function mark(next) {
    const items = options();
    if (!items.length) return;
    if (items[at]) items[at].setAttribute("aria-selected", "false");
    at = next < -1 ? items.length - 1 : next >= items.length ? -1 : next;
    if (at < 0) {
      input.removeAttribute("aria-activedescendant");
      return;
    }
    items[at].setAttribute("aria-selected", "true");
    items[at].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", items[at].id);
  }

  /* One question at a time: an older answer that comes late is dropped with its request. */
  async function suggest() {
    if (asked) asked.abort();
    const words = input.value.trim();
    if (!words) {
      close();
      return;
    }
    asked = new AbortController();
    try {
      const answer = await fetch("/search/suggestions?" + new URLSearchParams({ q: words }), {
        signal: asked.signal,
        headers: { "HX-Request": "true" },
      });
      const text = answer.ok ? await answer.text() : "";
      if (input.value.trim() !== words || document.activeElement !== input) return;
      const found = new DOMParser().parseFromString(text, "text/html").getElementById("suggestions");
      close();
      if (!found) return;
      list = document.adoptNode(found);
      form.append(list);
      input.setAttribute("aria-expanded", "true");
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  }

  /* The results stay until the next ones are there: htmx swaps them, and drops what it asked before. */
  function follow() {
    const facets = document.getElementById("facets");
    if (!live || !facets || !window.htmx) return;
    facets.elements.q.value = input.value;
    window.htmx.trigger(facets, "typed");
  }

  document.addEventListener("htmx:configRequest", (event) => {
    const cause = event.detail.triggeringEvent;
    if (cause && cause.type === "typed") event.detail.headers["X-Typed"] = "1";
  });

  input.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (event.isComposing) return;
    timer = setTimeout(() => {
      suggest();
      follow();
    }, PAUSE);
  });
  input.addEventListener("compositionend", () => input.dispatchEvent(new Event("input", { bubbles: true })));
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!list) suggest();
      else mark(at + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && at >= 0) {
      event.preventDefault();
      options()[at].click();
    } else if (event.key === "Escape" && list) {
      event.preventDefault();
      close();
    }
  });
  form.addEventListener("mousedown", (event) => {
    if (event.target.closest("#suggestions")) event.preventDefault();
  });
  form.addEventListener("submit", close);
  input.addEventListener("blur", () => setTimeout(close, 150));
})();
