// where a step led: to another tab, or to another address of the page, which is not loaded for it
watch("value", () => {
  if (!props.value) return;
  const { tab, address } = JSON.parse(props.value);
  if (tab) window.pullquoteLook(tab);
  if (address) history.replaceState(null, "", address);
});
