import type {Heads, Ops} from "../../model/ops.ts";

/** A value and its derivative along one direction; without a tangent it does not depend on what is varied. */
interface Dual<T> {
  readonly value: T;
  readonly tangent?: T;
}

/**
 * Forward-mode differentiation over any interpreter: the same model functions give, beside each value, its exact
 * derivative along the tangent that the inputs carry (a Jacobian-vector product).
 */
export function dualOps<T>(ops: Ops<T>): Ops<Dual<T>> {
  const rules = rulesOf(ops);
  return {...linearOps(ops, rules), ...productOps(ops, rules), ...curvedOps(ops)};
}

type LinearName = "gather" | "linear" | "times" | "add" | "sub" | "scale" | "sum" | "concat" | "split" | "rope" | "site";
type ProductName = "mul" | "scores" | "maskedSoftmax" | "mix" | "attention";
type DualOps<T, Name extends keyof Ops<T>> = Pick<Ops<Dual<T>>, Name>;

type Rules<T> = ReturnType<typeof rulesOf<T>>;

/** How derivatives go through what is linear, through sums and through products. */
function rulesOf<T>(ops: Ops<T>) {
  type D = Dual<T>;
  const linearly = (x: D, of: (part: T) => T, value = of(x.value)): D =>
    x.tangent === undefined ? {value} : {value, tangent: of(x.tangent)};
  const sumOf = (a: T | undefined, b: T | undefined): T | undefined => (a === undefined ? b : b === undefined ? a : ops.add(a, b));

  /** A product of two factors, by Leibniz's rule. */
  const product = (a: D, b: D, times: (a: T, b: T) => T): D => ({
    value: times(a.value, b.value),
    tangent: sumOf(
      a.tangent === undefined ? undefined : times(a.tangent, b.value),
      b.tangent === undefined ? undefined : times(a.value, b.tangent)
    )
  });

  return {linearly, sumOf, product};
}

/** What is linear in all that is varied: the derivative goes through as the value does. */
function linearOps<T>(ops: Ops<T>, {linearly, sumOf}: Rules<T>): DualOps<T, LinearName> {
  return {
    gather: (table, ids) => ({value: ops.gather(table, ids.value)}),
    linear: (x, weight, bias) => linearly(x, (part) => ops.linear(part, weight), ops.linear(x.value, weight, bias)),
    times: (x, weight) => linearly(x, (part) => ops.times(part, weight)),
    add: (a, b) => ({value: ops.add(a.value, b.value), tangent: sumOf(a.tangent, b.tangent)}),
    sub: (a, b) => ({
      value: ops.sub(a.value, b.value),
      tangent: sumOf(a.tangent, b.tangent === undefined ? undefined : ops.scale(b.tangent, -1))
    }),
    scale: (x, factor) => linearly(x, (part) => ops.scale(part, factor)),
    sum: (x) => linearly(x, ops.sum),
    concat: (a, b) => {
      const value = ops.concat(a.value, b.value);
      if (a.tangent === undefined && b.tangent === undefined) return {value};
      return {value, tangent: ops.concat(a.tangent ?? ops.scale(a.value, 0), b.tangent ?? ops.scale(b.value, 0))};
    },
    split: (x, sizes) => {
      const tangents = x.tangent === undefined ? undefined : ops.split(x.tangent, sizes);
      return ops.split(x.value, sizes).map((value, i) => ({value, tangent: tangents?.[i]}));
    },
    rope: (x, rope, heads) => linearly(x, (part) => ops.rope(part, rope, heads)),
    site: (name, x) => ({...x, value: ops.site(name, x.value)})
  };
}

/** Products of two factors that may both vary, attention among them. */
function productOps<T>(ops: Ops<T>, {product}: Rules<T>): DualOps<T, ProductName> {
  type D = Dual<T>;
  const maskedSoftmax = (scores: D): D => {
    const value = ops.maskedSoftmax(scores.value);
    if (scores.tangent === undefined) return {value};
    const weighted = ops.mul(value, scores.tangent); // dP = P ∘ (dS − Σ P ∘ dS), zero where the mask is
    return {value, tangent: ops.sub(weighted, ops.mul(value, ops.sum(weighted)))};
  };

  const scores = (q: D, k: D, heads: Heads): D => product(q, k, (a, b) => ops.scores(a, b, heads));
  const mix = (weights: D, v: D, heads: Heads): D => product(weights, v, (a, b) => ops.mix(a, b, heads));

  return {
    mul: (a, b) => product(a, b, ops.mul),
    scores,
    maskedSoftmax,
    mix,
    attention: (q, k, v, heads) => mix(maskedSoftmax(scores(q, k, heads)), v, heads)
  };
}

/** What is curved, each with its own derivative. */
function curvedOps<T>(ops: Ops<T>): Omit<Ops<Dual<T>>, LinearName | ProductName> {
  return {
    rmsNorm: (x, weight, eps) => {
      const value = ops.rmsNorm(x.value, weight, eps);
      if (x.tangent === undefined) return {value};
      // With r = 1/√(mean(x²) + ε): dy = w r dx − y r² mean(x dx).
      const r = ops.inverseRms(x.value, eps);
      const scaled = ops.mul(x.tangent, r);
      const along = ops.mul(ops.mul(ops.meanProduct(x.value, x.tangent), r), r);
      return {value, tangent: ops.sub(weight === undefined ? scaled : ops.times(scaled, weight), ops.mul(value, along))};
    },
    inverseRms: () => unsupported("inverseRms"),
    meanProduct: () => unsupported("meanProduct"),
    silu: (x) => {
      const value = ops.silu(x.value);
      if (x.tangent === undefined) return {value};
      const gate = ops.sigmoid(x.value); // (x σ)′ = σ + x σ (1 − σ)
      return {value, tangent: ops.mul(ops.add(gate, ops.sub(value, ops.mul(value, gate))), x.tangent)};
    },
    sigmoid: (x) => {
      const value = ops.sigmoid(x.value);
      return x.tangent === undefined ? {value} : {value, tangent: ops.mul(ops.sub(value, ops.mul(value, value)), x.tangent)};
    }
  };
}

function unsupported(name: string): never {
  throw new Error(`unsupported operation: ${name} has no derivative here; the model's functions do not use it`);
}
