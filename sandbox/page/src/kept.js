/**
 * What outlives a reload. Settings live as long as the browser keeps them, drafts as long as
 * the tab. A browser that keeps nothing, or has no room, loses only that.
 */
function shelf(store) {
  return {
    read(key, otherwise) {
      try {
        return JSON.parse(store().getItem(`sitrep.${key}`)) ?? otherwise;
      } catch {
        return otherwise;
      }
    },
    write(key, value) {
      try {
        if (value === null) {
          store().removeItem(`sitrep.${key}`);
        } else {
          store().setItem(`sitrep.${key}`, JSON.stringify(value));
        }
      } catch {
        // nothing is kept then
      }
    },
  };
}

export const settings = shelf(() => localStorage);
export const drafts = shelf(() => sessionStorage);
