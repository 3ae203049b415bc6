import {drawOrrery} from "./orreryPage.ts";
import {drawScatterplot} from "./scatterplotPage.ts";

Object.assign(globalThis, {drawOrrery, drawScatterplot});
