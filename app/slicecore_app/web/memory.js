// Memory of the newest things only.

/**
 * A function that calls `load(key)` once for each of the `most` newest keys; what fails is tried again the next time.
 * @template T
 * @param {number} most
 * @param {(key: string) => Promise<T>} load
 * @returns {(key: string) => Promise<T>}
 */
export function loadOnce(most, load) {
  /** @type {Map<string, Promise<T>>} */
  const loaded = new Map(); // the newest last
  return (key) => {
    const known = loaded.get(key);
    const answer = known ?? load(key);
    if (!known) answer.catch(() => loaded.delete(key));
    keep(loaded, key, answer, most);
    return answer;
  };
}

/**
 * Put something into a map of which the `most` newest entries are kept.
 * @template K, V
 * @param {Map<K, V>} map
 * @param {K} key
 * @param {V} value
 * @param {number} most
 */
export function keep(map, key, value, most) {
  map.delete(key);
  map.set(key, value);
  if (map.size <= most) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    break;
  }
}
