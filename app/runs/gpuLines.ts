/** From a machine with a GPU to this page, in five lines; README.md and docs/gpu.md say the same. */
export const GPU_LINES = `scp capture/torch/capture_trace.py gpu:
ssh gpu 'pip install "torch>=2.6" numpy transformers==4.57.6 accelerate'
ssh gpu 'python3 capture_trace.py --prompt "The capital of Westphalia is" --steps 64 --out runs/westphalia'
scp -r gpu:runs/westphalia .
npm run -s orrery -- open westphalia`;

/** The same from a notebook on that machine; docs/gpu.md says more. */
export const NOTEBOOK_LINES = `from capture_trace import capture, load
model, tokenizer = load("tomg-group-umd/huginn-0125", dtype="bf16")
ids = tokenizer.encode("The capital of Westphalia is")
folder = capture(model, ids, "runs/westphalia", tokenizer=tokenizer, steps=64, inits=4)`;

/** What opens a folder that was captured or brought here. */
export const OPEN_LINE = "npm run -s orrery -- open runs/westphalia";

/** Where the folder is too large to bring: served there, looked at here. */
export const GPU_SERVE_LINE = "ssh -L 4040:127.0.0.1:4040 gpu 'cd orrery && npm start -- --runs ~/runs'";

/** What Huginn-0125 takes, measured on an H100 with random weights of its shape (docs/gpu.md). */
export const GPU_NEEDS =
  "Huginn-0125 in bfloat16 takes 7.1 GB of GPU memory for its weights, and 2.7 GB more for 512 tokens and 4 inits; a trace of 64 steps of these 1.4 GB on the disk.";
