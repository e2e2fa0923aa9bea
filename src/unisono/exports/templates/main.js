// Start: what works is added to the page; where anything fails, the page without script stays as it is.
{
  unisono.data = unisono.read("data");
  unisono.charts = unisono.read("charts");
  document.documentElement.classList.add("js");
  const tell = (part, error) => console.error(`${part}: ${error.message}`);
  for (const [part, act] of [["network", unisono.startStage], ["charts", unisono.startCharts]]) {
    try {
      if (unisono.data) act();
    } catch (error) {
      tell(part, error);
    }
  }
  // A group's section is closed until somebody asks for it.
  const unfold = () => {
    const asked = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let d = asked && asked.closest("details"); d; d = d.parentElement.closest("details")) d.open = true;
    if (asked) asked.scrollIntoView();
  };
  addEventListener("hashchange", unfold);
  unfold();
  const nav = document.querySelector("nav");
  if (document.querySelector(".unseen")) nav.append(unisono.unseenSwitch());
  if (!document.getElementById("network").hidden) {
    const link = unisono.make("a", {}, "Network");
    link.href = "#network";
    nav.firstElementChild.after(" ", link);
  }
}
