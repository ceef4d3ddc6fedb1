// SPDX-License-Identifier: Apache-2.0
// Only what makes a page that already works a little better: kept drafts, a live count of letters, keys that
// follow links. Nothing here is needed to read or to send.
(() => {
  "use strict";
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

  // -- Drafts: <form data-draft="report"> keeps its words in this browser until they are sent or forgotten, at most a day: the computer
  // may be a village hall's. data-draft-never="kind=x identity=y" names choices with which nothing at all is kept.
  const skip = new Set(["hidden", "file", "password", "submit", "button"]);
  const fields = form => [...form.elements].filter(e => e.name && !skip.has(e.type) && !e.closest("[data-no-draft]"));
  const store = {
    read(key) { try { return JSON.parse(localStorage.getItem(key) || "null"); } catch { return null; } },
    write(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* private window: no draft */ } },
    drop(key) { try { localStorage.removeItem(key); } catch { /* nothing to drop */ } },
  };
  const DAY = 24 * 60 * 60 * 1000;
  // Also what other pages left here, long ago and never opened again.
  const sweep = () => {
    try {
      for (const key of Object.keys(localStorage).filter(each => each.startsWith("kentongan:"))) {
        const found = store.read(key);
        if (!found || !found.values || !(Date.now() - found.at < DAY)) store.drop(key);
      }
    } catch { /* private window: no draft */ }
  };
  const drafts = form => {
    const key = "kentongan:" + form.dataset.draft;
    const never = (form.dataset.draftNever || "").split(" ").filter(Boolean).map(each => each.split("="));
    const secret = () => fields(form).some(field => field.checked && never.some(([name, value]) => field.name === name && field.value === value));
    const found = store.read(key);
    const fresh = found && found.values && Date.now() - found.at < DAY && found.at <= Date.now();
    if (found && !fresh) store.drop(key);
    const kept = fresh ? found.values : null;
    const note = form.querySelector("[data-draft-note]");
    if (kept && !form.hasAttribute("data-filled")) {
      for (const field of fields(form)) {
        if (!(field.name in kept)) continue;
        if (field.type === "radio" || field.type === "checkbox") field.checked = kept[field.name].includes(field.value);
        else field.value = kept[field.name][0] ?? "";
        field.dispatchEvent(new Event("change", { bubbles: true }));
      }
      if (note) note.hidden = false;
    }
    let timer;
    form.addEventListener("input", () => {
      clearTimeout(timer);
      if (secret()) { store.drop(key); return; }
      timer = setTimeout(() => {
        const values = {};
        for (const field of fields(form)) {
          if ((field.type === "radio" || field.type === "checkbox") && !field.checked) continue;
          (values[field.name] ??= []).push(field.value);
        }
        store.write(key, { at: Date.now(), values });
      }, 400);
    });
    $$("[data-draft-forget]", form).forEach(button => button.addEventListener("click", () => {
      store.drop(key);
      form.reset();
      if (note) note.hidden = true;
    }));
  };
  // The page after sending says which draft is done: a failed sending keeps it.
  const done = root => $$("[data-draft-done]", root).forEach(e => store.drop("kentongan:" + e.dataset.draftDone));

  // -- Letters: <p data-count-for="id" data-count-text="%d dari %d">
  const counts = note => {
    const field = document.getElementById(note.dataset.countFor);
    if (!field) return;
    const limit = Number(note.dataset.countLimit || field.maxLength);
    const number = new Intl.NumberFormat(document.documentElement.lang);
    const show = () => {
      note.textContent = note.dataset.countText
        .replace("{0}", number.format([...field.value].length))
        .replace("{1}", number.format(limit));
    };
    field.addEventListener("input", show);
    show();
  };

  // -- A button pressed twice sends once; the server's idempotency key stands behind it.
  const once = form => form.addEventListener("submit", event => {
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(() => { delete form.dataset.sent; }, 8000);
  });

  // -- Villages follow the chosen district; without this the list is grouped by district.
  const follows = select => {
    const district = document.getElementById(select.dataset.follows);
    if (!district) return;
    const all = $$("optgroup", select);
    window.kentonganPlaces = $$("option[data-lat]", select).map(o => ({
      code: o.value, name: o.textContent, of: o.parentElement.dataset.of, at: [Number(o.dataset.lat), Number(o.dataset.lon)],
    }));
    const first = select.options[0];
    const apply = () => {
      const chosen = select.value;
      const wanted = all.filter(g => g.dataset.of === district.value);
      select.replaceChildren(first, ...(district.value ? wanted.flatMap(g => [...g.children].map(o => o.cloneNode(true))) : all));
      select.value = chosen;
      if (select.selectedIndex < 0) select.selectedIndex = 0;
    };
    district.addEventListener("change", apply);
    apply();
  };

  // -- A choice that acts at once where there is a script; its button stays for those without.
  const auto = field => field.addEventListener("change", () => field.form.requestSubmit());

  const each = (root, selector, work) => $$(selector, root).forEach(e => {
    if (e.dataset.ready?.includes(selector)) return;
    e.dataset.ready = (e.dataset.ready || "") + selector;
    work(e);
  });
  const enhance = root => {
    done(root);
    sweep();
    each(root, "form[data-draft]", drafts);
    each(root, "[data-count-for]", counts);
    each(root, "form[data-once]", once);
    each(root, "select[data-follows]", follows);
    each(root, "[data-submits]", auto);
    $$("[data-only-script]", root).forEach(e => { e.hidden = false; });
    $$("[data-print]", root).forEach(e => { e.onclick = () => window.print(); });
    $$("[data-copy]", root).forEach(e => {
      e.onclick = async () => {
        await navigator.clipboard.writeText(document.getElementById(e.dataset.copy).textContent.trim());
        e.querySelector("[data-copied]")?.removeAttribute("hidden");
      };
    });
  };

  // -- Keys: an element with aria-keyshortcuts is followed or focused by its key, never while someone writes.
  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const rows = $$("[data-row]");
    if ((event.key === "j" || event.key === "k") && rows.length) {
      // From the row one stands on; only who stands on none begins at the one that is open.
      const on = rows.indexOf(document.activeElement);
      const at = on >= 0 ? on : rows.findIndex(r => r.getAttribute("aria-current") === "true");
      const next = rows[Math.max(0, Math.min(rows.length - 1, event.key === "j" ? at + 1 : at - 1))];
      next.focus();
      event.preventDefault();
      return;
    }
    const target = $$("[aria-keyshortcuts]").find(e => e.getAttribute("aria-keyshortcuts") === event.key);
    if (!target) return;
    event.preventDefault();
    if (target.matches("input, textarea, select")) target.focus();
    else target.click();
  });

  enhance(document);
  const summary = document.querySelector("[data-error-summary]");
  if (summary) summary.focus();
  document.addEventListener("htmx:afterSwap", event => enhance(event.target));
})();
