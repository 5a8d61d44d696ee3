// The part of d3-hierarchy 3.1 (`d3-hierarchy.js`, unchanged from its package, ISC) that the treemap calls.

export interface Node<Datum> {
  data: Datum;
  value?: number;
  children?: Node<Datum>[];
  /** The rectangle that `treemap` gave it. */
  x0: number;
  y0: number;
  x1: number;
  y1: number;
  each(callback: (node: Node<Datum>) => void): this;
  sort(compare: (one: Node<Datum>, other: Node<Datum>) => number): this;
  descendants(): Node<Datum>[];
}
type Tiling = (node: Node<any>, x0: number, y0: number, x1: number, y1: number) => void;
interface Treemap {
  <Datum>(root: Node<Datum>): Node<Datum>;
  tile(tiling: Tiling): Treemap;
  size(size: [number, number]): Treemap;
}

export function hierarchy<Datum>(root: Datum, children: (datum: Datum) => Datum[]): Node<Datum>;
export function treemap(): Treemap;
export const treemapSquarify: Tiling & { ratio(ratio: number): Tiling };
