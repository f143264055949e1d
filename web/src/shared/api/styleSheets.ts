const broken = new Set<HTMLLinkElement>();

/** Notes style sheets that cannot be had, for `fetchBrokenStyles`. */
export function watchStyles(): void {
  window.addEventListener(
    "error",
    ({ target }) => {
      if (target instanceof HTMLLinkElement && target.rel === "stylesheet") broken.add(target);
    },
    // Such errors do not bubble.
    { capture: true },
  );
}

/** Fetches style sheets again that could not be had: with a part that is fetched again, they are not. */
export async function fetchBrokenStyles(): Promise<void> {
  await Promise.all([...broken].map(fetchAgain));
}

async function fetchAgain(link: HTMLLinkElement): Promise<void> {
  broken.delete(link);
  const again = document.createElement("link");
  again.rel = link.rel;
  again.href = link.href;
  await new Promise((resolve, reject) => {
    again.addEventListener("load", resolve);
    again.addEventListener("error", () => reject(new Error(`${again.href} could not be fetched.`)));
    link.replaceWith(again);
  });
}
