const filters = document.querySelector(".filters");
const lists = [...document.querySelectorAll(".filters select")];
const rows = [...document.querySelectorAll("article[id]")];
// A row can be wrong in two ways.
const marks = (row, name) => (name === "kind" ? row.dataset.kind.split(" ") : [row.dataset[name]]);
const fits = (row) => lists.every((list) => !list.value || marks(row, list.id).includes(list.value));
const show = () => {
  for (const row of rows) row.hidden = !fits(row);
  document.getElementById("count").textContent = `${rows.filter((row) => !row.hidden).length} 题`;
};
// Without this script there is no filter and every row is shown.
if (filters) filters.hidden = false;
for (const list of lists) list.addEventListener("change", show);
// A link leads to its row even when the filter hides it.
addEventListener("hashchange", () => {
  const row = document.getElementById(location.hash.slice(1));
  if (!row?.hidden) return;
  for (const list of lists) list.value = "";
  show();
  row.scrollIntoView();
});
