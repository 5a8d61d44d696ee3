// Ways through a square grid of cells by keys.

/**
 * Cell to which a key leads from cell `at` of a grid of `size` rows and columns, counted row by row; null where the key leads nowhere.
 * @param {number} at
 * @param {string} key
 * @param {number} size
 */
export function cellBeside(at, key, size) {
  const row = Math.floor(at / size);
  const column = at % size;
  /** @type {Record<string, [row: number, column: number]>} */
  const ways = {
    ArrowUp: [row - 1, column],
    ArrowDown: [row + 1, column],
    ArrowLeft: [row, column - 1],
    ArrowRight: [row, column + 1],
    Home: [row, 0],
    End: [row, size - 1],
    PageUp: [0, column],
    PageDown: [size - 1, column],
  };
  const way = Object.hasOwn(ways, key) ? ways[key] : null;
  if (!way || way.some((place) => place < 0 || place >= size)) return null;
  return way[0] * size + way[1];
}
