"""Remote code in the form of Ouro's: all layers looped, `model.norm` after every loop, an exit gate that reads what it gives."""

import torch
from transformers import PretrainedConfig, PreTrainedModel
from transformers.modeling_outputs import BaseModelOutputWithPast
from transformers.models.llama.modeling_llama import LlamaRMSNorm, LlamaRotaryEmbedding, apply_rotary_pos_emb


class LoopConfig(PretrainedConfig):
    model_type = "ouro"


def linear(inputs, outputs):
    return torch.nn.Linear(inputs, outputs, bias=False)


class Attention(torch.nn.Module):
    def __init__(self, config):
        super().__init__()
        self.size = config.head_dim
        queries, keys = config.num_attention_heads * self.size, config.num_key_value_heads * self.size
        self.q_proj, self.o_proj = linear(config.hidden_size, queries), linear(queries, config.hidden_size)
        self.k_proj, self.v_proj = linear(config.hidden_size, keys), linear(config.hidden_size, keys)

    def forward(self, x, turns):
        q, k, v = (part(x).unflatten(-1, (-1, self.size)).transpose(1, 2) for part in (self.q_proj, self.k_proj, self.v_proj))
        q, k = apply_rotary_pos_emb(q, k, *turns)
        out = torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=True)
        return self.o_proj(out.transpose(1, 2).flatten(2))


class Mlp(torch.nn.Module):
    def __init__(self, config):
        super().__init__()
        self.gate_proj, self.up_proj = (linear(config.hidden_size, config.intermediate_size) for _ in range(2))
        self.down_proj = linear(config.intermediate_size, config.hidden_size)

    def forward(self, x):
        return self.down_proj(torch.nn.functional.silu(self.gate_proj(x)) * self.up_proj(x))


class Layer(torch.nn.Module):
    def __init__(self, config):
        super().__init__()
        self.self_attn, self.mlp = Attention(config), Mlp(config)
        for name in ("input_layernorm", "input_layernorm_2", "post_attention_layernorm", "post_attention_layernorm_2"):
            setattr(self, name, LlamaRMSNorm(config.hidden_size, config.rms_norm_eps))

    def forward(self, x, turns):
        x = x + self.input_layernorm_2(self.self_attn(self.input_layernorm(x), turns))
        return x + self.post_attention_layernorm_2(self.mlp(self.post_attention_layernorm(x)))


class LoopModel(PreTrainedModel):
    config_class = LoopConfig

    def __init__(self, config):
        super().__init__(config)
        self.embed_tokens = torch.nn.Embedding(config.vocab_size, config.hidden_size)
        self.layers = torch.nn.ModuleList(Layer(config) for _ in range(config.num_hidden_layers))
        self.norm = LlamaRMSNorm(config.hidden_size, config.rms_norm_eps)
        self.rotary_emb = LlamaRotaryEmbedding(config=config)
        self.early_exit_gate = torch.nn.Linear(config.hidden_size, 1)
        self.total_ut_steps = config.total_ut_steps
        self.post_init()

    def forward(self, input_ids=None, inputs_embeds=None, use_cache=None):
        x = self.embed_tokens(input_ids) if inputs_embeds is None else inputs_embeds
        turns = self.rotary_emb(x, torch.arange(x.shape[1], device=x.device)[None])
        gates = []
        for _ in range(self.total_ut_steps):
            for layer in self.layers:
                x = layer(x, turns)
            x = self.norm(x)
            gates.append(self.early_exit_gate(x))
        return BaseModelOutputWithPast(last_hidden_state=x), gates


class LoopForCausalLM(PreTrainedModel):
    config_class = LoopConfig
    base_model_prefix = "model"
    _tied_weights_keys = ["lm_head.weight"]

    def __init__(self, config):
        super().__init__(config)
        self.model, self.lm_head = LoopModel(config), linear(config.hidden_size, config.vocab_size)
        self.post_init()

    def get_input_embeddings(self):
        return self.model.embed_tokens

    def get_output_embeddings(self):
        return self.lm_head

    def forward(self, input_ids):
        return self.lm_head(self.model(input_ids)[0].last_hidden_state)
