import {zoom, zoomIdentity, type D3ZoomEvent, type ScaleLinear, type Selection, type ZoomTransform} from "d3";
import type {Frame} from "./plot.ts";
import type {Zoom} from "./spot.ts";

/** A plane as it lies in its frame: from coordinates to pixels, without any zoom. */
export interface PlaneScales {
  readonly x: ScaleLinear<number, number>;
  readonly y: ScaleLinear<number, number>;
}

interface Whole extends PlaneScales, Frame {
  readonly margin: {readonly top: number; readonly right: number; readonly bottom: number; readonly left: number};
}

/** Where a plane is zoomed to: by wheel, drag and buttons, or as the page remembers it. */
interface ZoomMemory {
  /** The scales as they are zoomed. */
  scales(): PlaneScales;
  /** The plane has changed its frame or what it holds. */
  layOut(whole: Whole): void;
  /** Back to the whole picture. */
  fit(): void;
  /** To a rectangle of coordinates, as large as has room. */
  fitTo(box: readonly [readonly [number, number], readonly [number, number]]): void;
  by(factor: number): void;
  /** Whether the page remembers another place than this plot has told or been told. */
  differs(wanted: Zoom | undefined): boolean;
  /** To the place that the page remembers. */
  show(wanted: Zoom | undefined): void;
}

interface ZoomListeners {
  /** Whether a press moves the picture. */
  readonly moves: (event: MouseEvent) => boolean;
  readonly onMove: () => void;
  /** A zoom or a drag has come to rest at another place than the page knows. */
  readonly onRest: (zoom: Zoom | undefined) => void;
}

const MOST = 2000;
const DIGITS = 6; // a thousandth of a pixel
const ROOM = 0.85; // of the frame, for what is zoomed to

export function zoomMemory(
  svg: Selection<SVGSVGElement, unknown, null, undefined>,
  first: Zoom | undefined,
  {moves, onMove, onRest}: ZoomListeners
): ZoomMemory {
  let transform: ZoomTransform = zoomIdentity;
  let whole: Whole;
  let told = String(first); // the zoom that the page knows of
  const zooming = zoom<SVGSVGElement, unknown>()
    .scaleExtent([0.5, MOST])
    .filter((event: MouseEvent) => event.type === "wheel" || moves(event))
    .on("zoom", (event: D3ZoomEvent<SVGSVGElement, unknown>) => {
      transform = event.transform;
      onMove();
    })
    .on("end", () => {
      const zoom = zoomOf(transform, whole);
      if (String(zoom) === told) return;
      told = String(zoom);
      onRest(zoom);
    });
  const fit = (): void => void svg.call(zooming.transform, zoomIdentity);
  const centreOn = (scale: number, px: number, py: number): void => void svg.call(zooming.transform, centred(whole, scale, px, py));
  svg.call(zooming).on("dblclick.zoom", fit);
  return {
    scales: () => ({x: transform.rescaleX(whole.x), y: transform.rescaleY(whole.y)}),
    layOut(next) {
      whole = next;
      const {width, height} = next;
      zooming.translateExtent([
        [-width, -height],
        [2 * width, 2 * height]
      ]);
    },
    fit,
    fitTo(box) {
      const [x0, x1] = box[0].map(whole.x);
      const [y0, y1] = box[1].map(whole.y);
      centreOn(scaleFor(whole, Math.abs(x1 - x0), Math.abs(y1 - y0)), (x0 + x1) / 2, (y0 + y1) / 2);
    },
    by: (factor) => void svg.call(zooming.scaleBy, factor),
    differs: (wanted) => String(wanted) !== told,
    show(wanted) {
      told = String(wanted);
      if (wanted) centreOn(wanted[0], whole.x(wanted[1]), whole.y(wanted[2]));
      else fit();
    }
  };
}

const middleOf = ({width, height, margin}: Whole): readonly [number, number] => [
  (margin.left + width - margin.right) / 2,
  (margin.top + height - margin.bottom) / 2
];

/** The scale, and the coordinates in the middle; undefined for the whole picture. */
function zoomOf(transform: ZoomTransform, whole: Whole): Zoom | undefined {
  const {k} = transform;
  const [mx, my] = middleOf(whole);
  if (k === 1 && transform.x === 0 && transform.y === 0) return undefined;
  const place = [k, whole.x.invert(transform.invertX(mx)), whole.y.invert(transform.invertY(my))];
  return place.map((value) => Number(value.toPrecision(DIGITS))) as [number, number, number];
}

/** The place (px, py), in pixels of the whole picture, in the middle. */
const centred = (whole: Whole, scale: number, px: number, py: number): ZoomTransform =>
  zoomIdentity
    .translate(...middleOf(whole))
    .scale(scale)
    .translate(-px, -py);

/** How far to go in for something of so many pixels. */
const scaleFor = ({width, height, margin}: Whole, w: number, h: number): number =>
  Math.min(MOST, ROOM * Math.min((width - margin.left - margin.right) / (w || 1), (height - margin.top - margin.bottom) / (h || 1)));
