// a file is made in the browser: nothing of it lies on the server
watch("value", () => {
  if (!props.value) return;
  const file = JSON.parse(props.value), bytes = Uint8Array.from(atob(file.base64), (character) => character.codePointAt(0));
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(new Blob([bytes], { type: file.type })), download: file.name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
});
