import {huginn} from "../../capture/families/huginn/huginn.ts";

/** The config of a Huginn of a block a part and width 64, with what may not be left out. */
export const SMALL_HUGINN = {
  n_embd: 64,
  n_heads: 2,
  intermediate_size: 8,
  vocab_size: 8,
  block_size: 8,
  n_layers_in_prelude: 1,
  n_layers_in_recurrent_block: 1,
  n_layers_in_coda: 1
};

export const smallHuginn = huginn.model({config: SMALL_HUGINN, tensors: new Map()});
