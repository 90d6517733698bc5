"use strict";
// <fihris-search src="https://search.example/"> : a search box with its results, for any page.
// It needs nothing inline: neither styles nor scripts, nor eval. See docs/embedding.md.
(() => {
  const WORDS = {
    en: {label: "Search the archive", search: "Search", none: "No document found", failed: "The search does not answer just now.",
      one: "1 document", many: "# documents", least: "At least #", all: "All results", untitled: "Untitled", meant: "Did you mean", options: "Suggestions"},
    fr: {label: "Chercher dans les archives", search: "Rechercher", none: "Aucun document trouvé", failed: "La recherche ne répond pas pour le moment.",
      one: "1 document", many: "# documents", least: "Au moins #", all: "Tous les résultats", untitled: "Sans titre", meant: "Vouliez-vous dire", options: "Suggestions"},
    ar: {label: "ابحث في الأرشيف", search: "بحث", none: "لا وثيقة", failed: "لا يجيب البحث الآن.",
      one: "وثيقة واحدة", many: "عدد الوثائق: #", least: "# على الأقل", all: "كل النتائج", untitled: "بلا عنوان", meant: "هل تقصد", options: "اقتراحات"},
  };
  const STYLE = `
    :host { display: block; color: var(--fihris-ink, #1d2226); font: var(--fihris-font, inherit);
      --line: var(--fihris-line, #c9d0d3); --accent: var(--fihris-accent, #1d4f73); --quiet: var(--fihris-quiet, #59646c);
      --ground: var(--fihris-ground, #fff); --tint: var(--fihris-tint, #eef3f5); }
    :host([hidden]) { display: none; }
    * { box-sizing: border-box; }
    form { display: flex; gap: .5rem; }
    .field { position: relative; flex: 1; min-width: 0; }
    input { width: 100%; font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--quiet);
      border-radius: var(--fihris-radius, 5px); padding: .45rem .7rem; }
    button { font: inherit; color: var(--fihris-on-accent, #fff); background: var(--accent); border: 0;
      border-radius: var(--fihris-radius, 5px); padding: .45rem 1rem; cursor: pointer; }
    :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
    ul, ol { list-style: none; margin: 0; padding: 0; }
    [role=listbox] { position: absolute; z-index: 10; inset-inline: 0; top: 100%; background: var(--ground);
      border: 1px solid var(--line); border-radius: var(--fihris-radius, 5px); box-shadow: 0 6px 20px rgb(0 0 0 / .15); }
    [role=option] { padding: .35rem .7rem; cursor: pointer; overflow-wrap: anywhere; }
    [part~=option-title] { font-weight: 600; }
    [role=option][aria-selected=true], [role=option]:hover { background: var(--tint); }
    [hidden] { display: none !important; }
    a { color: var(--fihris-link, var(--accent)); }
    .status { color: var(--quiet); margin: .75rem 0 0; min-height: 1.2em; }
    li.hit { padding: .75rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; text-align: start; }
    .title { font-weight: 600; text-decoration: none; }
    .title:hover { text-decoration: underline; }
    .facts { color: var(--quiet); font-size: .9em; }
    .snippet { margin: .3rem 0 0; text-align: start; }
    mark { color: var(--fihris-on-mark, #2a2000); background: var(--fihris-mark, #fbe9a5); border-radius: 2px; }
    .all { display: inline-block; margin-top: .75rem; }
    .label { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    @media (prefers-color-scheme: dark) { :host([dark=auto]) { --fihris-ink: #e4e6e3; --fihris-line: #333c42;
      --fihris-accent: #9dcaee; --fihris-on-accent: #10202c; --fihris-quiet: #a0abb1; --fihris-ground: #1b2226;
      --fihris-tint: #1e272c; --fihris-mark: #5c4a12; --fihris-on-mark: #fff4d0; } }`;
  const HERE = document.currentScript?.src;
  let sheet;

  function make(name, attributes = {}, ...children) {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...children);
    return node;
  }

  // Offsets count code points, and a string of JavaScript does not.
  function marked(text, spans) {
    const points = Array.from(text);
    const pieces = [];
    let at = 0;
    for (const [start, end] of spans) {
      if (start < at) continue;
      pieces.push(points.slice(at, start).join(""), make("mark", {part: "mark"}, points.slice(start, end).join("")));
      at = end;
    }
    return [...pieces, points.slice(at).join("")];
  }

  class FihrisSearch extends HTMLElement {
    #asking = null;
    #timer = 0;
    #typed = "";
    #chosen = -1;

    connectedCallback() {
      if (this.shadowRoot) return;
      const near = this.getAttribute("lang") || this.closest("[lang]")?.lang || "";
      this.code = near.slice(0, 2).toLowerCase() in WORDS ? near.slice(0, 2).toLowerCase() : "en";
      this.words = WORDS[this.code];
      this.base = new URL(this.getAttribute("src") || HERE, document.baseURI);
      if (this.base.pathname.endsWith("/embed.js")) this.base = new URL(".", this.base);
      if (!this.base.pathname.endsWith("/")) this.base.pathname += "/";
      const root = this.attachShadow({mode: "open"});
      if (!sheet) {
        sheet = new CSSStyleSheet();
        sheet.replaceSync(STYLE);
      }
      root.adoptedStyleSheets = [sheet];
      this.input = make("input", {type: "search", id: "q", part: "input", dir: this.code === "ar" ? "rtl" : "auto",
        autocomplete: "off", spellcheck: "false", role: "combobox", "aria-autocomplete": "list",
        "aria-expanded": "false", "aria-controls": "options"});
      this.options = make("ul", {id: "options", role: "listbox", part: "options", "aria-label": this.words.options, hidden: ""});
      this.status = make("p", {class: "status", part: "status", role: "status"});
      this.results = make("ol", {part: "results"});
      this.all = make("a", {class: "all", part: "all", hidden: ""}, this.words.all);
      const form = make("form", {role: "search", part: "form"},
        make("label", {for: "q", class: "label"}, this.getAttribute("label") || this.words.label),
        make("div", {class: "field"}, this.input, this.options),
        make("button", {type: "submit", part: "button"}, this.words.search));
      root.append(make("div", {dir: this.code === "ar" ? "rtl" : "ltr", lang: this.code},
        form, this.status, this.results, this.all));
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        const address = this.options.children[this.#chosen]?.dataset.address;
        if (address) location.assign(address);
        else this.search(this.input.value);
      });
      this.input.addEventListener("input", () => {
        this.#typed = this.input.value;
        this.input.dir = this.#typed ? "auto" : this.code === "ar" ? "rtl" : "auto";
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#suggest(), 120);
      });
      this.input.addEventListener("keydown", (event) => this.#key(event));
      this.input.addEventListener("blur", () => this.#close());
    }

    disconnectedCallback() { clearTimeout(this.#timer); this.#asking?.abort(); }

    async #ask(path, parameters) {
      this.#asking?.abort();
      this.#asking = new AbortController();
      const address = new URL(path, this.base);
      address.search = new URLSearchParams(parameters);
      const answer = await fetch(address, {signal: this.#asking.signal, credentials: "omit", headers: {Accept: "application/json"}});
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.json();
    }

    /** Searches as if the query had been typed. */
    async search(query) {
      this.input.value = this.#typed = query;
      clearTimeout(this.#timer);
      this.#close();
      if (!query.trim()) return this.#show(null);
      const given = {q: query, limit: this.getAttribute("limit") || "5", facets: "0", lang: this.code};
      for (const name of ["language", "collection", "creator", "source", "type", "from", "to"])
        if (this.getAttribute(name)) given[name] = this.getAttribute(name);
      try {
        this.#show(await this.#ask("api/v1/search", given), given);
        this.dispatchEvent(new CustomEvent("fihris-search", {bubbles: true, composed: true, detail: {query}}));
      } catch (error) {
        if (error.name === "AbortError") return;
        this.#show(null);
        this.status.textContent = this.words.failed;
      }
    }

    #show(found, given) {
      this.results.replaceChildren(...(found?.hits ?? []).map((hit) => this.#hit(hit, given.q)));
      this.all.hidden = !found?.hits.length;
      const total = found?.total ?? 0;
      const count = total === 1 ? this.words.one
        : this.words.many.replace("#", total.toLocaleString(this.code === "ar" ? "ar-u-nu-latn" : this.code));
      this.status.textContent = !found ? "" : !total ? this.words.none
        : found.partial ? this.words.least.replace("#", count) : count;
      if (found?.suggestion) {
        const meant = make("a", {href: this.#page({q: found.suggestion}), dir: "auto"}, found.suggestion);
        meant.addEventListener("click", (event) => { event.preventDefault(); this.search(found.suggestion); this.input.focus(); });
        this.status.append(` – ${this.words.meant} `, meant, this.code === "ar" ? "؟" : "?");
      }
      if (found) {
        const {limit, facets, ...asked} = given;
        this.all.href = this.#page(asked);
      }
    }

    #page(parameters) {
      const address = new URL(this.base);
      address.search = new URLSearchParams({...parameters, lang: this.code});
      return address;
    }

    #document(id, parameters) {
      // As the server does: an id that a browser would fold goes into the parameters.
      const folded = /(?:^|\/)\.{0,2}(?:\/|$)/.test(id);
      const path = id.split("/").map(encodeURIComponent).join("/");
      const address = new URL(folded ? "documents/" : `documents/${path}`, this.base);
      address.search = new URLSearchParams({...(folded ? {id} : {}), ...parameters, lang: this.code});
      return address;
    }

    #hit(hit, query) {
      const address = this.#document(hit.id, {q: query});
      const facts = [hit.date, hit.creator, hit.collection].filter(Boolean)
        .flatMap((each, n) => [n ? " · " : "", make("bdi", {}, each)]);
      return make("li", {class: "hit", part: "hit"},
        make("div", {dir: "auto", lang: hit.language},
          make("a", {class: "title", part: "title", href: address},
            ...(hit.title ? marked(hit.title, hit.title_highlights) : [this.words.untitled]))),
        ...(facts.length ? [make("div", {class: "facts", part: "facts"}, ...facts)] : []),
        ...hit.snippets.slice(0, 1).map((each) =>
          make("p", {class: "snippet", part: "snippet", dir: "auto", lang: hit.language}, ...marked(each.text, each.highlights))));
    }

    async #suggest() {
      if (!this.#typed.trim()) return this.#close();
      try {
        const {suggestions, titles} = await this.#ask("api/v1/suggest", {q: this.#typed, limit: "6", titles: "3"});
        if (this.shadowRoot.activeElement !== this.input) return;
        this.#chosen = -1;
        // A title of one document leads to it; any other is searched, as words are.
        const words = suggestions.filter((each) => each !== this.#typed).map((text) => ({text, part: "option"}));
        const named = titles.map(({title, id}) => ({text: title, part: "option option-title", address: id && this.#document(id, {})}));
        this.options.replaceChildren(...[...words, ...named].map(({text, part, address}, n) => {
          const option = make("li", {id: `option-${n}`, role: "option", dir: "auto", part, "aria-selected": "false"}, text);
          if (address) option.dataset.address = address;
          option.addEventListener("mousedown", (event) => {
            event.preventDefault();
            if (address) location.assign(address);
            else this.search(text);
          });
          return option;
        }));
        this.options.hidden = !this.options.children.length;
        this.input.setAttribute("aria-expanded", String(!this.options.hidden));
      } catch (error) {
        if (error.name !== "AbortError") this.#close();
      }
    }

    #close() {
      this.options.hidden = true;
      this.#chosen = -1;
      this.input.setAttribute("aria-expanded", "false");
      this.input.removeAttribute("aria-activedescendant");
    }

    #key(event) {
      if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey || this.options.hidden) return;
      const options = [...this.options.children];
      if (event.key === "Escape") {
        this.input.value = this.#typed;
        this.#close();
      } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        const step = event.key === "ArrowDown" ? 1 : -1;
        const places = options.length + 1;  // the last one is what was typed
        const now = this.#chosen < 0 ? options.length : this.#chosen;
        const next = (now + step + places) % places;
        this.#chosen = next === options.length ? -1 : next;
        options.forEach((each, n) => each.setAttribute("aria-selected", String(n === this.#chosen)));
        this.input.value = this.#chosen < 0 ? this.#typed : options[this.#chosen].textContent;
        if (this.#chosen < 0) this.input.removeAttribute("aria-activedescendant");
        else this.input.setAttribute("aria-activedescendant", options[this.#chosen].id);
      } else return;
      event.preventDefault();
    }
  }
  if (!customElements.get("fihris-search")) customElements.define("fihris-search", FihrisSearch);
})();
