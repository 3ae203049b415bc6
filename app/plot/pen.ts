/** Draws many marks of one look at once; on a canvas for the screen, as SVG for a file. Coordinates are pixels. */
export interface Pen {
  /** Straight segments, four numbers each: x1, y1, x2, y2. */
  segments(coordinates: readonly number[], style: {colour: string; width: number; alpha?: number}): void;
  /** Filled dots, two numbers each: x, y. */
  dots(coordinates: readonly number[], style: {colour: string; radius: number; alpha?: number}): void;
  /** Rings filled with the paper, two numbers each: x, y. */
  rings(coordinates: readonly number[], style: {colour: string; radius: number; width: number; fill: string}): void;
}

const TURN = 2 * Math.PI;

export function canvasPen(context: CanvasRenderingContext2D): Pen {
  const circles = (coordinates: readonly number[], radius: number): void => {
    context.beginPath();
    for (let i = 0; i < coordinates.length; i += 2) {
      context.moveTo(coordinates[i] + radius, coordinates[i + 1]);
      context.arc(coordinates[i], coordinates[i + 1], radius, 0, TURN);
    }
  };
  return {
    segments(coordinates, {colour, width, alpha = 1}) {
      context.globalAlpha = alpha;
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.lineCap = "butt";
      context.beginPath();
      for (let i = 0; i < coordinates.length; i += 4) {
        context.moveTo(coordinates[i], coordinates[i + 1]);
        context.lineTo(coordinates[i + 2], coordinates[i + 3]);
      }
      context.stroke();
    },
    dots(coordinates, {colour, radius, alpha = 1}) {
      context.globalAlpha = alpha;
      context.fillStyle = colour;
      circles(coordinates, radius);
      context.fill();
    },
    rings(coordinates, {colour, radius, width, fill}) {
      context.globalAlpha = 1;
      context.fillStyle = fill;
      context.strokeStyle = colour;
      context.lineWidth = width;
      circles(coordinates, radius);
      context.fill();
      context.stroke();
    }
  };
}

const SVG = "http://www.w3.org/2000/svg";
const short = (value: number): string => value.toFixed(2).replace(/\.?0+$/, "");

/** Appends to an SVG group; one path per call, so a drawing of many segments stays small. */
export function svgPen(group: SVGGElement): Pen {
  const add = (path: string, attributes: Record<string, string | number>): void => {
    if (!path) return;
    const node = document.createElementNS(SVG, "path");
    node.setAttribute("d", path);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
    group.append(node);
  };
  const circles = (coordinates: readonly number[], radius: number): string => {
    let path = "";
    for (let i = 0; i < coordinates.length; i += 2)
      path += `M${short(coordinates[i] - radius)} ${short(coordinates[i + 1])}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0`;
    return path;
  };
  return {
    segments(coordinates, {colour, width, alpha = 1}) {
      let path = "";
      for (let i = 0; i < coordinates.length; i += 4)
        path += `M${short(coordinates[i])} ${short(coordinates[i + 1])}L${short(coordinates[i + 2])} ${short(coordinates[i + 3])}`;
      add(path, {fill: "none", stroke: colour, "stroke-width": width, "stroke-opacity": alpha, "stroke-linecap": "round"});
    },
    dots: (coordinates, {colour, radius, alpha = 1}) => add(circles(coordinates, radius), {fill: colour, "fill-opacity": alpha}),
    rings: (coordinates, {colour, radius, width, fill}) => add(circles(coordinates, radius), {fill, stroke: colour, "stroke-width": width})
  };
}
