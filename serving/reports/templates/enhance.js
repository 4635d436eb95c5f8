"use strict";
(() => {
  const openTarget = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target instanceof HTMLDetailsElement) target.open = true;
  };
  addEventListener("hashchange", openTarget);
  openTarget();

  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const details of opened) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
  });

  const filter = document.getElementById("ranking-filter");
  if (!filter) return;
  const words = document.getElementById("ranking-words");
  const band = document.getElementById("ranking-band");
  const told = document.getElementById("ranking-told");
  const rows = [...document.querySelectorAll("#ranking-table tbody tr")];
  const texts = rows.map((row) => row.textContent.toLocaleLowerCase());
  const apply = () => {
    const sought = words.value.trim().toLocaleLowerCase();
    let shown = 0;
    rows.forEach((row, position) => {
      const fits = texts[position].includes(sought) && (!band.value || row.dataset.band === band.value);
      row.hidden = !fits;
      shown += fits ? 1 : 0;
    });
    told.textContent = told.dataset.told.replace("{shown}", shown).replace("{all}", rows.length);
  };
  filter.addEventListener("input", apply);
  filter.hidden = false;
})();
