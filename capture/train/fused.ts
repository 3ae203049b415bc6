import * as tf from "@tensorflow/tfjs-core";

// Operations with their gradients written down. What TensorFlow.js derives of their parts takes three times as many kernels, and at the widths that train on a CPU
// it is the number of kernels that costs. tests/capture/train/gradients.test.ts holds them against differences and against PyTorch.

type Save = tf.GradSaveFunc;

/** x / √(mean(x²) + ε) · w over each row. */
export const rmsNorm = (x: tf.Tensor, weight: tf.Tensor, eps: number): tf.Tensor =>
  tf.customGrad((x, weight, save) => {
    const rows = x as tf.Tensor;
    const inverse = tf.rsqrt(tf.add(tf.mean(tf.mul(rows, rows), -1, true), eps));
    const normed = tf.mul(rows, inverse);
    (save as Save)([normed, inverse, weight as tf.Tensor]);
    return {
      value: tf.mul(normed, weight as tf.Tensor),
      gradFunc: (along: tf.Tensor, [normed, inverse, weight]: tf.Tensor[]) => {
        const weighted = tf.mul(along, weight);
        const inward = tf.mul(normed, tf.mean(tf.mul(weighted, normed), -1, true));
        return [tf.mul(tf.sub(weighted, inward), inverse), tf.sum(tf.mul(along, normed), 0)];
      }
    };
  })(x, weight);

/** x · σ(x). */
export const silu = tf.customGrad((x, save) => {
  const gate = tf.sigmoid(x as tf.Tensor);
  const value = tf.mul(x as tf.Tensor, gate);
  (save as Save)([gate, value]);
  return {
    value,
    gradFunc: (along: tf.Tensor, [gate, value]: tf.Tensor[]) => tf.mul(along, tf.add(gate, tf.mul(value, tf.sub(1, gate)))) // (x σ)′ = σ + x σ (1 − σ)
  };
});

/** Pairs of features turned by fixed angles: x ∘ cos + (x Pᵀ) ∘ sin, with P [width, width] taking each feature to its partner. */
export const turned = (x: tf.Tensor, {cos, sin, partner}: Readonly<Record<"cos" | "sin" | "partner", tf.Tensor>>): tf.Tensor =>
  tf.customGrad((x) => ({
    value: tf.add(tf.mul(x as tf.Tensor, cos), tf.mul(tf.matMul(x as tf.Tensor, partner, false, true), sin)),
    gradFunc: (along: tf.Tensor) => tf.add(tf.mul(along, cos), tf.matMul(tf.mul(along, sin), partner))
  }))(x);

interface AttentionShape {
  readonly inits: number;
  readonly tokens: number;
  readonly heads: number;
  /** 0 where a token may see a key, a large negative number elsewhere, [tokens, tokens]. */
  readonly mask: tf.Tensor;
}

/** softmax(q kᵀ / √(head width) + mask) v for each init and head; rows [inits · tokens, width]. */
export const attention = (q: tf.Tensor, k: tf.Tensor, v: tf.Tensor, {inits, tokens, heads, mask}: AttentionShape): tf.Tensor => {
  const width = q.shape[1]!;
  const scale = 1 / Math.sqrt(width / heads);
  const inHeads = (x: tf.Tensor) => tf.transpose(tf.reshape(x, [inits, tokens, heads, width / heads]), [0, 2, 1, 3]);
  const inRows = (x: tf.Tensor) => tf.reshape(tf.transpose(x, [0, 2, 1, 3]), [inits * tokens, width]);
  return tf.customGrad((q, k, v, save) => {
    const [Q, K, V] = [q, k, v].map((x) => inHeads(x as tf.Tensor));
    const shares = tf.softmax(tf.add(tf.mul(tf.matMul(Q, K, false, true), scale), mask));
    (save as Save)([Q, K, V, shares]);
    return {
      value: inRows(tf.matMul(shares, V)),
      gradFunc: (along: tf.Tensor, [Q, K, V, shares]: tf.Tensor[]) => {
        const out = inHeads(along);
        const weighted = tf.mul(shares, tf.matMul(out, V, false, true)); // dS = P ∘ (dP − Σ P ∘ dP)
        const scores = tf.mul(tf.sub(weighted, tf.mul(shares, tf.sum(weighted, -1, true))), scale);
        return [tf.matMul(scores, K), tf.matMul(scores, Q, true), tf.matMul(shares, out, true)].map(inRows);
      }
    };
  })(q, k, v);
};
