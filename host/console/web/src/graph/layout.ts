// Places boxes from left to right so that whatever a box needs stands before it.
// Never draws, and takes time in proportion to what there is: thousands of boxes are placed at once.

export interface Item {
  id: string;
  width: number;
  height: number;
  needs: readonly string[];
}

export interface Point {
  x: number;
  y: number;
}

export interface Placed extends Point {
  id: string;
  width: number;
  height: number;
}

/** The way from one box to another, through these points. */
export interface Curve {
  from: string;
  to: string;
  points: Point[];
}

export interface Layout {
  placed: Placed[];
  curves: Curve[];
  width: number;
  height: number;
}

const GAP_ACROSS = 56;
const GAP_DOWN = 18;
/** A layer of more boxes than this stands in several columns. */
const COLUMN_BOXES_MAX = 24;
/** Room that a line takes where it passes a layer. */
const LINE_HEIGHT = 12;
/** Lines keep clear of boxes as long as there are not more bends than this. */
const BENDS_MAX = 4_000;
const ORDER_SWEEPS = 6;
const PLACE_SWEEPS = 8;

/** A box, or the bend of a line where it passes a layer. */
interface Cell {
  item: Item | undefined;
  width: number;
  height: number;
  layer: number;
  before: number[];
  after: number[];
  x: number;
  /** Its middle. */
  y: number;
}

export function layout(items: readonly Item[]): Layout {
  const places = new Map(items.map((item, place) => [item.id, place]));
  const edges: [number, number][] = [];
  items.forEach((item, to) => {
    for (const need of new Set(item.needs)) {
      const from = places.get(need);
      if (from !== undefined && from !== to) {
        edges.push([from, to]);
      }
    }
  });
  const ranks = layersOf(items.length, edges);
  const cells: Cell[] = items.map((item, place) => cellOf(item, item.width, item.height, ranks[place] ?? 0));
  const bent = bendsOf(edges, ranks) <= BENDS_MAX;
  const ways = edges.map(([from, to]) => wayOf(cells, from, to, bent));
  const layers = ordered(cells);
  placeAcross(layers, cells);
  placeDown(layers, cells);
  return measured(items, cells, ways, edges);
}

function cellOf(item: Item | undefined, width: number, height: number, layer: number): Cell {
  return { item, width, height, layer, before: [], after: [], x: 0, y: 0 };
}

/** The longest way to each box; one without needs stands right before the first that needs it. */
export function layersOf(count: number, edges: readonly (readonly [number, number])[]): number[] {
  const after: number[][] = Array.from({ length: count }, () => []);
  const missing = new Array<number>(count).fill(0);
  for (const [from, to] of edges) {
    after[from]?.push(to);
    missing[to] = (missing[to] ?? 0) + 1;
  }
  const ranks = new Array<number>(count).fill(0);
  const first = missing.map((needs) => needs === 0);
  const ready = missing.flatMap((needs, place) => (needs === 0 ? [place] : []));
  for (let at = 0; at < ready.length; at += 1) {
    const from = ready[at] ?? 0;
    for (const to of after[from] ?? []) {
      ranks[to] = Math.max(ranks[to] ?? 0, (ranks[from] ?? 0) + 1);
      missing[to] = (missing[to] ?? 0) - 1;
      if (missing[to] === 0) {
        ready.push(to);
      }
    }
  }
  for (let place = 0; place < count; place += 1) {
    const nearest = (after[place] ?? []).reduce((least, to) => Math.min(least, ranks[to] ?? 0), Number.POSITIVE_INFINITY);
    if (first[place] === true && Number.isFinite(nearest)) {
      ranks[place] = Math.max(0, nearest - 1);
    }
  }
  return ranks;
}

function bendsOf(edges: readonly (readonly [number, number])[], ranks: readonly number[]): number {
  return edges.reduce((sum, [from, to]) => sum + Math.max(0, (ranks[to] ?? 0) - (ranks[from] ?? 0) - 1), 0);
}

/** Joins two boxes, with a bend in each layer between them; gives the cells on the way. */
function wayOf(cells: Cell[], from: number, to: number, bent: boolean): number[] {
  const way = [from];
  const last = cells[to]?.layer ?? 0;
  for (let layer = (cells[from]?.layer ?? 0) + 1; bent && layer < last; layer += 1) {
    way.push(cells.push(cellOf(undefined, 0, LINE_HEIGHT, layer)) - 1);
  }
  way.push(to);
  for (let at = 1; at < way.length; at += 1) {
    const [one, other] = [way[at - 1] ?? 0, way[at] ?? 0];
    cells[one]?.after.push(other);
    cells[other]?.before.push(one);
  }
  return way;
}

/** The layers, each ordered so that few lines cross. */
function ordered(cells: readonly Cell[]): number[][] {
  const layers: number[][] = [];
  cells.forEach((cell, place) => (layers[cell.layer] ??= []).push(place));
  for (let layer = 0; layer < layers.length; layer += 1) {
    layers[layer] ??= [];
  }
  const at = new Array<number>(cells.length).fill(0);
  const wanted = new Array<number>(cells.length).fill(0);
  const note = (layer: readonly number[]): void => layer.forEach((place, order) => (at[place] = order));
  layers.forEach(note);
  for (let sweep = 0; sweep < ORDER_SWEEPS; sweep += 1) {
    const forwards = sweep % 2 === 0;
    for (const layer of forwards ? layers : layers.toReversed()) {
      for (const place of layer) {
        const near = (forwards ? cells[place]?.before : cells[place]?.after) ?? [];
        const sum = near.reduce((total, one) => total + (at[one] ?? 0), 0);
        wanted[place] = near.length === 0 ? (at[place] ?? 0) : sum / near.length;
      }
      layer.sort((one, other) => (wanted[one] ?? 0) - (wanted[other] ?? 0));
      note(layer);
    }
  }
  return layers;
}

function columnsOf(layer: readonly number[]): number {
  return Math.max(1, Math.ceil(layer.length / COLUMN_BOXES_MAX));
}

function placeAcross(layers: readonly number[][], cells: readonly Cell[]): void {
  let x = 0;
  for (const layer of layers) {
    const width = layer.reduce((widest, place) => Math.max(widest, cells[place]?.width ?? 0), 0);
    const columns = columnsOf(layer);
    layer.forEach((place, order) => {
      const cell = cells[place];
      if (cell !== undefined) {
        // A line goes straight past the boxes of a layer.
        cell.width = cell.item === undefined ? width : cell.width;
        cell.x = x + (columns === 1 ? 0 : (order % columns) * (width + GAP_DOWN));
      }
    });
    x += columns * width + (columns - 1) * GAP_DOWN + GAP_ACROSS;
  }
}

/** Rows of a layer: one box each, or as many as there are columns. */
function rowsOf(layer: readonly number[]): number[][] {
  const columns = columnsOf(layer);
  const rows: number[][] = [];
  layer.forEach((place, order) => (rows[Math.floor(order / columns)] ??= []).push(place));
  return rows;
}

function placeDown(layers: readonly number[][], cells: readonly Cell[]): void {
  for (let sweep = 0; sweep < PLACE_SWEEPS; sweep += 1) {
    const forwards = sweep % 2 === 0;
    for (const layer of forwards ? layers : layers.toReversed()) {
      const rows = rowsOf(layer);
      const heights = rows.map((row) => row.reduce((tallest, place) => Math.max(tallest, cells[place]?.height ?? 0), 0));
      const wanted = rows.map((row) => {
        const near = row.flatMap((place) => (forwards ? cells[place]?.before : cells[place]?.after) ?? []);
        const own = row.reduce((sum, place) => sum + (cells[place]?.y ?? 0), 0) / row.length;
        return near.length === 0 ? own : near.reduce((sum, one) => sum + (cells[one]?.y ?? 0), 0) / near.length;
      });
      spread(wanted, heights).forEach((y, order) => {
        for (const place of rows[order] ?? []) {
          const cell = cells[place];
          if (cell !== undefined) {
            cell.y = y;
          }
        }
      });
    }
  }
}

/** Middles as near as can be to where they are wanted, in their order and without touching. */
export function spread(wanted: readonly number[], heights: readonly number[]): number[] {
  const offsets: number[] = [];
  heights.forEach((height, place) => {
    const above = heights[place - 1] ?? height;
    offsets.push(place === 0 ? 0 : (offsets[place - 1] ?? 0) + (above + height) / 2 + GAP_DOWN);
  });
  // Without their distances, the middles only have to stay in order: neighbours that do not are put together.
  const pools: { sum: number; count: number }[] = [];
  wanted.forEach((want, place) => {
    let pool = { sum: want - (offsets[place] ?? 0), count: 1 };
    for (let last = pools.at(-1); last !== undefined && last.sum / last.count >= pool.sum / pool.count; last = pools.at(-1)) {
      pools.pop();
      pool = { sum: last.sum + pool.sum, count: last.count + pool.count };
    }
    pools.push(pool);
  });
  return pools.flatMap((pool) => new Array<number>(pool.count).fill(pool.sum / pool.count)).map((y, at) => y + (offsets[at] ?? 0));
}

function measured(items: readonly Item[], cells: readonly Cell[], ways: number[][], edges: [number, number][]): Layout {
  const top = cells.reduce((least, cell) => Math.min(least, cell.y - cell.height / 2), cells.length === 0 ? 0 : Number.POSITIVE_INFINITY);
  const placed = cells.flatMap((cell) => {
    const { item, x, y, width, height } = cell;
    return item === undefined ? [] : [{ id: item.id, x, y: y - height / 2 - top, width, height }];
  });
  const curves = ways.map((way, edge) => {
    const points = way.flatMap((place, at): Point[] => {
      const cell = cells[place];
      if (cell === undefined) {
        return [];
      }
      const y = cell.y - top;
      const [left, right] = [{ x: cell.x, y }, { x: cell.x + cell.width, y }];
      return at === 0 ? [right] : at === way.length - 1 ? [left] : [left, right];
    });
    const [from, to] = edges[edge] ?? [0, 0];
    return { from: items[from]?.id ?? "", to: items[to]?.id ?? "", points };
  });
  const width = placed.reduce((most, box) => Math.max(most, box.x + box.width), 0);
  const height = placed.reduce((most, box) => Math.max(most, box.y + box.height), 0);
  return { placed, curves, width, height };
}
