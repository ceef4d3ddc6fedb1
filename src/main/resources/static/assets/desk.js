// SPDX-License-Identifier: Apache-2.0
// What makes the desk live: a stream that says "something changed", pieces of the page that are then asked for
// anew, the list that follows the open conversation, and the reply box that follows its target. Every page works
// as links and forms without it.
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

  document.documentElement.dataset.script = "on";

  // -- Pieces that wait for a name. What somebody writes in is left alone; what nobody looks at waits.
  const written = piece => $$("textarea, input[type=text], input[type=search]", piece).some(f => f.value !== f.defaultValue)
    || (piece.contains(document.activeElement) && document.activeElement.matches("textarea, input, select"));
  const waiting = new Set();
  // Where the reader's hands or eyes are is not replaced below them: a notice offers it instead.
  const disturbs = piece => piece.contains(document.activeElement) || written(piece) || Boolean($("details.drop[open]", piece));
  const renew = piece => piece.dispatchEvent(new CustomEvent("kentongan:changed"));
  const offer = (piece, on) => {
    const note = $(piece.dataset.liveWaits + " p");
    if (note) note.hidden = !on;
    if (on) piece.dataset.liveStale = "1"; else delete piece.dataset.liveStale;
  };
  const refresh = name => {
    for (const piece of $$(`[data-live-on~="${name}"]`)) {
      if (document.hidden && name !== "inbox") { waiting.add(name); continue; }
      if (piece.dataset.liveWaits && disturbs(piece)) { offer(piece, true); continue; }
      if (piece.matches("aside") && (written(piece) || $("details[open] form", piece))) continue;
      if (piece.hasAttribute("data-reloads")) { location.reload(); return; }
      renew(piece);
    }
  };
  document.addEventListener("click", event => {
    const button = event.target.closest("[data-live-reload]");
    if (!button) return;
    const note = button.closest("[role=status]");
    $$("[data-live-stale]").filter(piece => piece.dataset.liveWaits === "#" + note.id).forEach(piece => { offer(piece, false); renew(piece); });
    $("#content")?.focus({ preventScroll: true });
  });
  // Once the reader has gone elsewhere nothing is disturbed any more.
  document.addEventListener("focusout", event => {
    const piece = event.target.closest?.("[data-live-stale]");
    if (!piece) return;
    setTimeout(() => { if (piece.isConnected && piece.dataset.liveStale && !disturbs(piece)) { offer(piece, false); renew(piece); } }, 0);
  });
  // -- What befell a case is said once, and shown for a while.
  let said;
  const say = name => {
    const news = $("#news");
    if (!news || !news.dataset[name]) return;
    news.textContent = news.dataset[name];
    clearTimeout(said);
    said = setTimeout(() => { news.textContent = ""; }, 12000);
  };
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    const names = [...waiting];
    waiting.clear();
    names.forEach(refresh);
  });

  // -- The stream. It belongs to the open conversation, so it is opened anew with another one.
  let stream, address, lost;
  const listen = () => {
    const source = $("#open[data-stream]") || $("[data-stream]");
    if (!source || !window.EventSource || source.dataset.stream === address) return;
    if (stream) stream.close();
    address = source.dataset.stream;
    stream = new EventSource(address);
    stream.addEventListener("ready", () => {
      document.documentElement.dataset.live = "on";
      // What happened while the line was down is asked for once.
      if (lost) { lost = false; refresh("inbox"); refresh("conversation"); }
    });
    stream.addEventListener("changed", event => { refresh(event.data); say(event.data); });
    stream.onerror = () => {
      lost = true;
      delete document.documentElement.dataset.live;
      if (stream.readyState === EventSource.CLOSED) {
        address = undefined;
        setTimeout(() => { refresh("inbox"); refresh("conversation"); listen(); }, 20000);
      }
    };
  };
  addEventListener("pagehide", () => stream && stream.close());

  // -- The number of unread conversations in the title, and the boxes' numbers in the rail.
  const numbers = () => {
    const list = $("#conversations");
    if (!list) return;
    const unread = $$(".conversation--unread", list).length;
    document.title = (unread ? `(${unread}) ` : "") + document.title.replace(/^\(\d+\) /, "");
    if (list.dataset.title && $("#list-title")) $("#list-title").textContent = list.dataset.title;
    $$("[data-count]", list).forEach(count => {
      const shown = $$("[data-count-of]").find(e => e.dataset.countOf === count.dataset.path);
      if (shown) shown.textContent = count.textContent;
    });
  };

  // -- The list shows which conversation is open; opening it has read it.
  const current = () => {
    const open = $("#open[data-conversation]");
    $$(".conversation", $("#conversations") || document).forEach(row => {
      const link = $("a[data-row]", row);
      const here = Boolean(open) && link.pathname.endsWith("/" + open.dataset.conversation);
      row.classList.toggle("conversation--open", here);
      if (here) {
        link.setAttribute("aria-current", "true");
        row.classList.remove("conversation--unread");
        $$(".unread-word", row).forEach(word => word.remove());
      } else link.removeAttribute("aria-current");
    });
    const zones = $(".zones--inbox");
    if (zones && open) { zones.classList.add("zones--open"); zones.classList.remove("zones--list"); }
  };

  // -- The reply box: letters counted against the chosen target's limit; canned answers go in where the cursor is.
  const reply = () => {
    const form = $("#reply");
    if (!form || form.dataset.lively) return;
    form.dataset.lively = "1";
    const target = $("#target", form), text = $("#text", form), count = $("#reply-count", form);
    const number = new Intl.NumberFormat(document.documentElement.lang);
    // As each network counts: see TextLimit.
    const measures = {
      CODE_POINTS: words => [...words].length,
      UTF16_UNITS: words => words.length,
      GRAPHEMES: words => [...(Intl.Segmenter ? new Intl.Segmenter().segment(words) : words)].length,
      UTF8_BYTES: words => new TextEncoder().encode(words).length,
    };
    const letters = () => {
      const chosen = target.selectedOptions[0];
      // Of several limits, the one that is nearest to being full is told.
      const nearest = chosen.dataset.limits.split(",").map(limit => {
        const [most, unit] = limit.split(":");
        return { unit, most: Number(most), length: measures[unit](text.value) };
      }).reduce((one, other) => other.length / other.most > one.length / one.most ? other : one);
      count.textContent = (nearest.unit === "UTF8_BYTES" ? chosen.dataset.countBytes : chosen.dataset.count)
        .replace("{0}", number.format(nearest.length)).replace("{1}", number.format(nearest.most));
      count.classList.toggle("too-long", nearest.length > nearest.most);
    };
    text.addEventListener("input", letters);
    target.addEventListener("change", letters);
    $$("[data-canned]", form).forEach(button => button.addEventListener("click", event => {
      event.preventDefault();
      text.setRangeText(button.dataset.canned, text.selectionStart, text.selectionEnd, "end");
      text.dispatchEvent(new Event("input", { bubbles: true }));
      text.focus();
      button.closest("details")?.removeAttribute("open");
    }));
    letters();
  };

  // -- Drop-downs close when one clicks elsewhere or presses Escape; opened by key, their first field has the focus.
  document.addEventListener("click", event => {
    $$("details.drop[open]").forEach(drop => { if (!drop.contains(event.target)) drop.open = false; });
    const opener = event.target.closest("[data-opens]");
    const opened = opener && document.getElementById(opener.dataset.opens);
    if (opened) {
      event.preventDefault();
      opened.open = true;
      opened.scrollIntoView({ block: "nearest" });
      $("select, textarea", opened)?.focus();
    }
    const help = event.target.closest("a[href='/desk/bantuan'][aria-keyshortcuts]");
    const dialog = $("dialog#help");
    if (help && dialog && dialog.showModal) {
      event.preventDefault();
      dialog.showModal();
    }
  });
  document.addEventListener("keydown", event => {
    if (event.key !== "Escape") return;
    $$("details.drop[open]").forEach(drop => { drop.open = false; $("summary", drop).focus(); });
  });
  document.addEventListener("toggle", event => {
    if (event.target.matches?.("details") && event.target.open) {
      $("select, textarea, input:not([type=hidden]), button", event.target)?.focus();
    }
  }, true);

  const settle = () => { listen(); current(); numbers(); reply(); };

  document.addEventListener("htmx:configRequest", event => {
    // A list that is asked for anew comes back as long as it was.
    if (event.detail.elt.id === "conversations") {
      event.detail.parameters.jumlah = $$(".conversation", event.detail.elt).length;
    }
    if (event.detail.elt.id === "cases") event.detail.parameters.jumlah = $$(".case-row", event.detail.elt).length;
  });
  let messages = 0;
  document.addEventListener("htmx:beforeSwap", event => {
    if (event.detail.target.id === "messages") messages = $$("article", event.detail.target).length;
  });
  // What could not be kept must not be taken for kept.
  for (const failed of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(failed, event => {
      const form = $("#reply"), saved = $("#saved");
      if (event.detail.elt?.id !== "text" || !form || !saved) return;
      saved.textContent = event.detail.xhr?.status === 401 ? form.dataset.signedOut : form.dataset.unsaved;
      saved.classList.add("too-long");
    });
  }
  document.addEventListener("htmx:afterSettle", event => {
    settle();
    const target = event.detail.target || event.target;
    if (target.id === "messages" || event.detail.elt?.id === "messages") {
      const note = $("#announce");
      if (note && $$("#messages article").length > messages) note.textContent = note.dataset.new;
    }
    if (event.detail.elt?.id === "open" && $("#thread-title")) {
      const title = $("#thread-title");
      title.tabIndex = -1;
      title.focus({ preventScroll: true });
      if (matchMedia("(max-width: 55.99rem)").matches) scrollTo(0, 0);
    }
  });
  settle();
})();
