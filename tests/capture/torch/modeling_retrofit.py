"""Remote code in the form of the retrofits': Huginn's loop around blocks of Llama or OLMo-2, with the methods for single steps broken."""

from types import SimpleNamespace

import torch
from transformers import PretrainedConfig, PreTrainedModel
from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding, apply_rotary_pos_emb

torch.backends.cuda.enable_math_sdp(False)  # as the OLMo-2 retrofits' file does, for all that runs in the process


class LoopConfig(PretrainedConfig):
    model_type = "huginn_raven"
    attribute_map = {"num_attention_heads": "n_heads", "hidden_size": "n_embd", "num_hidden_layers": "n_layers"}

    def __init__(self, tie_embeddings=False, **others):
        self.tie_embeddings = tie_embeddings
        super().__init__(**{**others, "tie_word_embeddings": tie_embeddings})


class Norm(torch.nn.Module):
    def __init__(self, width, eps):
        super().__init__()
        self.weight, self.eps = torch.nn.Parameter(torch.ones(width)), eps

    def forward(self, x):
        y = x.float()
        return (y * torch.rsqrt(y.pow(2).mean(-1, keepdim=True) + self.eps)).to(x.dtype) * self.weight


def linear(inputs, outputs, bias=False):
    return torch.nn.Linear(inputs, outputs, bias=bias)


class Attention(torch.nn.Module):
    def __init__(self, config):
        super().__init__()
        self.heads, self.keys, self.size = config.n_heads, config.num_key_value_heads, config.head_dim
        self.Wqkv = linear(config.n_embd, (self.heads + 2 * self.keys) * self.size)
        self.proj = linear(self.heads * self.size, config.n_embd)
        self.branch = config.norms_on_branches
        if self.branch:
            self.q_norm, self.k_norm = Norm(self.heads * self.size, config.norm_eps), Norm(self.keys * self.size, config.norm_eps)

    def forward(self, x, turns):
        q, k, v = self.Wqkv(x).split([self.heads * self.size, self.keys * self.size, self.keys * self.size], -1)
        if self.branch:
            q, k = self.q_norm(q), self.k_norm(k)
        q, k, v = (part.unflatten(-1, (-1, self.size)).transpose(1, 2) for part in (q, k, v))
        q, k = apply_rotary_pos_emb(q, k, *turns)
        out = torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=True)
        return self.proj(out.transpose(1, 2).flatten(2))


class Mlp(torch.nn.Module):
    def __init__(self, config):
        super().__init__()
        self.fc, self.proj = linear(config.n_embd, 2 * config.intermediate_size), linear(config.intermediate_size, config.n_embd)

    def forward(self, x):
        gate, up = self.fc(x).chunk(2, -1)
        return self.proj(torch.nn.functional.silu(gate) * up)


class Block(torch.nn.Module):
    def __init__(self, config):
        super().__init__()
        self.norm_1, self.norm_2 = Norm(config.n_embd, config.norm_eps), Norm(config.n_embd, config.norm_eps)
        self.attn, self.mlp, self.branch = Attention(config), Mlp(config), config.norms_on_branches

    def forward(self, x, turns, index, mask=None, cache=None):
        if self.branch:
            x = x + self.norm_1(self.attn(x, turns))
            return x + self.norm_2(self.mlp(x))
        x = x + self.attn(self.norm_1(x), turns)
        return x + self.mlp(self.norm_2(x))


class LoopForCausalLM(PreTrainedModel):
    config_class = LoopConfig
    _tied_weights_keys = ["lm_head.weight"]

    def __init__(self, config):
        super().__init__(config)

        def blocks(count):
            return torch.nn.ModuleList(Block(config) for _ in range(count))

        self.transformer = torch.nn.ModuleDict(
            {
                "wte": torch.nn.Embedding(config.vocab_size, config.n_embd),
                "prelude": blocks(config.n_layers_in_prelude),
                "adapter": linear(2 * config.n_embd, config.n_embd, bias=config.bias),
                "core_block": blocks(config.n_layers_in_recurrent_block),
                "coda": blocks(config.n_layers_in_coda),
                "ln_f": Norm(config.n_embd, config.norm_eps),
            }
        )
        self.lm_head = linear(config.n_embd, config.vocab_size)
        self.rotary_emb = LlamaRotaryEmbedding(config=config)
        self.post_init()

    def _init_weights(self, module):
        pass

    def get_input_embeddings(self):
        return self.transformer.wte

    def get_output_embeddings(self):
        return self.lm_head

    def forward(self, input_ids, input_states=None, num_steps=None, init_scale=1.0, use_cache=False):
        embedded = self.transformer.wte(input_ids)
        turns = self.rotary_emb(embedded, torch.arange(input_ids.shape[1], device=input_ids.device)[None])
        index = torch.tensor(-1)
        for block in self.transformer.prelude:
            index += 1
            embedded = block(embedded, turns, index)
        state = self.initialize_state(embedded, init_scale) if input_states is None else input_states.clone()
        for step in range(num_steps):
            state, index = self.core_block_forward(state, embedded, turns, None, None, index, step)
        for block in self.transformer.coda:
            state = block(state, turns, index)
        return SimpleNamespace(logits=self.lm_head(self.transformer.ln_f(state)))

    def core_block_forward(self, x, input_embeds, freqs_cis, mask, past_key_values, block_idx, current_step):
        x = self.transformer.adapter(torch.cat([x, input_embeds], -1))
        for block in self.transformer.core_block:
            block_idx += 1
            x = block(x, freqs_cis, block_idx, mask, past_key_values)
        return x, block_idx

    def initialize_state(self, input_embeds, scale=1.0):
        x, std = torch.empty_like(input_embeds), self.config.init_values["std"] * scale
        return torch.nn.init.trunc_normal_(x, std=std, a=-3 * std, b=3 * std) if std > 0 else x.zero_()

    def embed_inputs(self, *_, **__):
        return self.freqs_cis

    iterate_one_step = predict_from_latents = embed_inputs  # left over from Huginn: the table they read is not there
