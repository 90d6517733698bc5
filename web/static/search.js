"use strict";
// Makes the pages handier. Each works without it.
(() => {
  // Suggestions while typing: the combobox of the ARIA Authoring Practices, a list box that one
  // chooses from while the focus stays in the field.
  function combobox(field) {
    const input = field.querySelector("input");
    const list = document.createElement("ul");
    const told = document.createElement("div");
    list.id = "options";
    list.className = "options";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", field.dataset.label);
    told.className = "unseen";
    told.setAttribute("role", "status");
    field.append(list, told);
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
    })) input.setAttribute(name, value);
    let chosen = -1, typed = input.value, timer = 0, asking = null;

    function close() {
      list.hidden = true;
      chosen = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }
    function choose(number) {
      const options = [...list.children];
      chosen = (number + options.length + 1) % (options.length + 1);
      if (chosen === options.length) chosen = -1;
      options.forEach((each, n) => each.setAttribute("aria-selected", String(n === chosen)));
      input.value = chosen < 0 ? typed : options[chosen].textContent;
      if (chosen < 0) input.removeAttribute("aria-activedescendant");
      else input.setAttribute("aria-activedescendant", options[chosen].id);
    }
    function show(words, titles) {
      // A title of one document leads to it; any other is searched, as words are.
      const addresses = titles.map(({id}) => id && `${input.form.action.replace(/\/$/, "")}/documents/?${
        new URLSearchParams([["id", id], ...new FormData(input.form)].filter(([name]) => name === "id" || name === "lang"))}`);
      list.replaceChildren(...[...words, ...titles.map(({title}) => title)].map((text, n) => {
        const address = addresses[n - words.length];
        const option = document.createElement("li");
        option.id = `option-${n}`;
        option.dir = "auto";
        option.textContent = text;
        if (n >= words.length) option.className = "of-title";
        if (address) option.dataset.address = address;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        // Before the field loses the focus.
        option.addEventListener("mousedown", (event) => {
          event.preventDefault();
          if (address) return location.assign(address);
          input.value = text;
          close();
          input.form.requestSubmit();
        });
        return option;
      }));
      chosen = -1;
      const count = list.children.length;
      list.hidden = !count;
      input.setAttribute("aria-expanded", String(count > 0));
      const plural = new Intl.PluralRules(document.documentElement.lang).select(count);
      told.textContent = !count ? ""
        : (field.dataset[plural] ?? field.dataset.other).replace("#", String(count));
    }
    async function ask() {
      asking?.abort();
      if (!typed.trim()) return close();
      asking = new AbortController();
      try {
        const answer = await fetch(`${field.dataset.suggest}?${new URLSearchParams({q: typed})}`,
          {signal: asking.signal, headers: {Accept: "application/json"}});
        if (!answer.ok || document.activeElement !== input) return;
        const {suggestions, titles} = await answer.json();
        show(suggestions.filter((each) => each !== typed), titles);
      } catch (error) {
        // Without suggestions the field is still a field.
        if (error.name !== "AbortError") close();
      }
    }
    input.addEventListener("input", () => {
      typed = input.value;
      clearTimeout(timer);
      timer = setTimeout(ask, 120);
    });
    input.addEventListener("keydown", (event) => {
      if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
      if (event.key === "Escape" && !list.hidden) {
        input.value = typed;
        close();
      } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !list.hidden) {
        choose(event.key === "ArrowDown" ? chosen + 1 : chosen < 0 ? list.children.length - 1 : chosen - 1);
      } else if (event.key === "ArrowDown") ask();
      else return;
      event.preventDefault();
    });
    input.addEventListener("blur", () => { asking?.abort(); close(); });
    input.form.addEventListener("submit", (event) => {
      clearTimeout(timer);
      asking?.abort();
      const address = list.children[chosen]?.dataset.address;
      if (!address) return;
      event.preventDefault();
      location.assign(address);
    });
  }

  // From one place to the next in a document, without loading it anew as long as it is on the page.
  function steps(nav) {
    const count = Number(nav.dataset.count);
    let hit = Number(nav.dataset.hit);
    if (!count) return;
    const [before, after] = ["prev", "next"].map((rel) => nav.querySelector(`[rel=${rel}]`));
    const numbered = (link, number) => {
      const address = new URL(link.href);
      address.searchParams.set("hit", number);
      address.hash = `hit-${number}`;
      link.href = address;
    };
    function go(number, link) {
      const mark = document.getElementById(`hit-${number}`);
      if (!mark) return location.assign(link.href);
      hit = number;
      document.querySelectorAll("mark.current").forEach((each) => each.classList.remove("current"));
      for (let each = mark; each && each.matches("mark") && (each === mark || !each.id);
        each = each.nextElementSibling) each.classList.add("current");
      mark.scrollIntoView({block: "center"});
      mark.focus({preventScroll: true});
      history.replaceState(null, "", link.href);
      nav.querySelector(".where").textContent = nav.dataset.of.replace("#", String(number));
      numbered(before, hit > 1 ? hit - 1 : count);
      numbered(after, hit < count ? hit + 1 : 1);
    }
    const move = (link) => go(Number(new URL(link.href).searchParams.get("hit")), link);
    for (const link of [before, after]) link.addEventListener("click", (event) => {
      event.preventDefault();
      move(link);
    });
    document.addEventListener("keydown", (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest("input, textarea, select")) return;
      // By the place of the key as well, for keyboards that write Arabic.
      if (event.key.toLowerCase() === "n" || event.code === "KeyN") move(after);
      else if (event.key.toLowerCase() === "p" || event.code === "KeyP") move(before);
    });
  }

  function copying(button) {
    if (!navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.from).textContent);
      const label = button.textContent;
      button.textContent = button.dataset.done;
      setTimeout(() => { button.textContent = label; }, 2000);
    });
  }

  document.querySelectorAll("[data-suggest]").forEach(combobox);
  document.querySelectorAll(".steps").forEach(steps);
  document.querySelectorAll(".copy").forEach(copying);
})();
