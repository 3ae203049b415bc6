import {huginn} from "../families/huginn/huginn.ts";
import type {Model} from "../model/family.ts";
import type {Ops} from "../model/ops.ts";
import {STATE} from "../model/site.ts";
import type {Recipe} from "./recipe.ts";
import type {Task} from "./tasks/task.ts";

/** The config.json of what a recipe trains, in Huginn's layout. */
export function configOf({model, depth, dtype}: Recipe, {characters}: Task): Readonly<Record<string, unknown>> {
  const steps = depth.kind === "poisson" ? depth.mean : depth.most / 2 + depth.through;
  return {
    architectures: ["RavenForCausalLM"],
    model_type: "huginn_raven",
    torch_dtype: {f32: "float32", bf16: "bfloat16", f16: "float16"}[dtype],
    n_embd: model.width,
    n_heads: model.heads,
    num_attention_heads: model.heads,
    num_key_value_heads: model.heads,
    n_layers: model.prelude + model.core + model.coda,
    block_size: model.max_tokens,
    vocab_size: characters.length,
    tie_embeddings: true,
    intermediate_size: model.hidden,
    bias: false,
    architecture_class_name: "RecurrentGPT",
    block_class_name: model.norm === "sandwich" ? "SandwichBlock" : "TransformerPreNormBlock",
    norm_class_name: "RMSNorm_llama",
    norm_eps: 1e-6,
    mlp_class_name: "GatedMLP",
    nonlin_name: "SiLU",
    init_strategy: "takase",
    state_init: "like-init",
    injection_type: model.injection,
    n_layers_in_prelude: model.prelude,
    n_layers_in_recurrent_block: model.core,
    n_layers_in_coda: model.coda,
    mean_recurrence: Math.max(1, Math.round(steps)),
    qk_bias: true,
    rope_base: 50000
  };
}

/** The model that a recipe trains. */
export function modelOf(recipe: Recipe, task: Task): Model {
  const {norm, injection, embedding} = recipe.model;
  const whole = configOf({...recipe, model: {...recipe.model, norm: "sandwich", injection: "linear"}}, task);
  const own = huginn.model({config: whole, tensors: new Map()});
  const normed = norm === "sandwich" ? own : withoutOuterNorms(own);
  const embedded = embedding === "scaled" ? normed : withoutEmbeddingScale(normed);
  return injection === "linear" ? embedded : injection === "add" ? withSum(embedded) : withoutInjection(embedded);
}

/** Whether it is a model that the family knows: one whose checkpoint can be captured from. */
export const isOfFamily = ({model: {norm, injection, embedding}}: Recipe): boolean =>
  norm === "sandwich" && injection === "linear" && embedding === "scaled";

type Changed = <T>(ops: Ops<T>) => Partial<Ops<T>>;

/** The same model over operations some of which do something else. */
function withOps(model: Model, changed: Changed): Model {
  const over = <T>(ops: Ops<T>): Ops<T> => ({...ops, ...changed(ops)});
  return {
    ...model,
    begin: (ops, ids) => model.begin(over(ops), ids),
    step: (ops, state, input) => model.step(over(ops), state, input),
    read: (ops, lens, state) => model.read(over(ops), lens, state)
  };
}

const outerNorm = /\.norm_[24]$/; // on the stream, after each branch

/** The same blocks without the norms on the stream: what is added stays added. */
const withoutOuterNorms = (model: Model): Model => ({
  ...withOps(model, (ops) => ({
    rmsNorm: (x, weight, eps) => (weight !== undefined && outerNorm.test(weight) ? x : ops.rmsNorm(x, weight, eps))
  })),
  weights: model.weights.filter(({name}) => !outerNorm.test(name))
});

/** Embeddings as they stand, instead of √width as long: nothing else in these stages is scaled. */
const withoutEmbeddingScale = (model: Model): Model => withOps(model, () => ({scale: (x) => x}));

const ADAPTER = "adapter";

/** The input is added to the state, in place of a learned mixture of the two. */
const withSum = (model: Model): Model => ({
  ...withOps(model, (ops) => ({
    concat: (state, input) => ops.add(state, input),
    linear: (x, weight, bias) => (weight === ADAPTER ? x : ops.linear(x, weight, bias))
  })),
  weights: model.weights.filter(({name}) => name !== ADAPTER)
});

/** The loop starts from the prelude's output and is given it never again: the adapter reads zeros in its place. */
function withoutInjection(model: Model): Model {
  return {
    ...model,
    inputWidth: 0,
    parts: [{name: STATE, width: model.width, start: {from: "input"}}],
    begin: (ops, ids) => ({start: model.begin(ops, ids).input}),
    step: (ops, [state]) => model.step(ops, [state], ops.scale(state, 0))
  };
}
