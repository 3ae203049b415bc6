import {xoroshiro128plus} from "pure-rand/generator/xoroshiro128plus";
import {uniformFloat64} from "pure-rand/distribution/uniformFloat64";

/** A source of uniform numbers in [0, 1). Always an argument, so that every result can be made twice. */
export type Random = () => number;
