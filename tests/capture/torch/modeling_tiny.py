"""Remote code as transformers loads it from a model's folder: a small recurrent model with Huginn's four methods."""

import sys
from types import SimpleNamespace

import torch
from transformers import AutoConfig, AutoModelForCausalLM, PretrainedConfig, PreTrainedModel, PreTrainedTokenizerFast


class TinyConfig(PretrainedConfig):
    model_type = "tiny_recurrent"

    def __init__(self, width=16, vocab_size=96, **others):
        self.width, self.vocab_size, self.norm_eps = width, vocab_size, 1e-6
        super().__init__(**others)


class TinyForCausalLM(PreTrainedModel):
    config_class = TinyConfig

    def __init__(self, config):
        super().__init__(config)
        self.wte = torch.nn.Embedding(config.vocab_size, config.width)
        self.core = torch.nn.Linear(2 * config.width, config.width, bias=False)
        self.ln_f = torch.nn.LayerNorm(config.width, bias=False)
        self.post_init()

    @property
    def transformer(self):
        return SimpleNamespace(ln_f=self.ln_f)

    def embed_inputs(self, ids):
        return self.wte(ids), torch.tensor(1)

    def initialize_state(self, embedded, scale=1.0):
        return torch.randn_like(embedded) * scale

    def iterate_one_step(self, embedded, state, block_idx=0, current_step=0):
        return torch.tanh(self.core(torch.cat([state, embedded], -1))), block_idx + 4, current_step + 1

    def predict_from_latents(self, state):
        return SimpleNamespace(logits=self.ln_f(state) @ self.wte.weight.T)


def make(folder, tokenizer_file):
    """Saves a model with this very file as its remote code, and a tokenizer with a chat template."""
    TinyConfig.register_for_auto_class()
    TinyForCausalLM.register_for_auto_class("AutoModelForCausalLM")
    torch.manual_seed(0)
    TinyForCausalLM(TinyConfig()).save_pretrained(folder)
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=tokenizer_file)
    tokenizer.chat_template = "{% for m in messages %}{{ m.content }}{% endfor %}{% if add_generation_prompt %}={% endif %}"
    tokenizer.save_pretrained(folder)


if __name__ == "__main__":
    make(*sys.argv[1:])
