const chosen = ["category", "kind"].map((id) => document.getElementById(id)).filter(Boolean);
const rows = [...document.querySelectorAll("article")];
const show = () => {
  for (const row of rows) row.hidden = chosen.some((list) => list.value && row.dataset[list.id] !== list.value);
  document.getElementById("count").textContent = `${rows.filter((row) => !row.hidden).length} 题`;
};
for (const list of chosen) list.addEventListener("change", show);
