// What the browser remembers on every port: a page from Python has another one each time, and the storage of a page is of
// its port. A cookie is of the host; where cookies are refused, as in some frames, the storage of the page has to do.

const YEAR_S = 365 * 24 * 60 * 60;

/**
 * @param {Pick<Document, "cookie">} page
 * @param {() => Pick<Storage, "getItem" | "setItem">} storage
 * @returns {Pick<Storage, "getItem" | "setItem">}
 */
export function browserMemory(page, storage) {
  /** @param {string} key */
  const cookieOf = (key) => `${key.replaceAll(" ", "-")}=`;
  return {
    getItem(key) {
      const cookie = page.cookie.split("; ").find((each) => each.startsWith(cookieOf(key)));
      return cookie ? decodeURIComponent(cookie.slice(cookieOf(key).length)) : storage().getItem(key);
    },
    setItem(key, text) {
      page.cookie = `${cookieOf(key)}${encodeURIComponent(text)}; Path=/; Max-Age=${YEAR_S}; SameSite=Lax`;
      try {
        storage().setItem(key, text);
      } catch (error) {
        if (this.getItem(key) !== text) throw error;
      }
    },
  };
}
