import {env, InferenceSession, Tensor} from "onnxruntime-node";

/**
 * onnxruntime, and the only way to it: its builds for Linux and macOS tell their maker of every process, session and model, and keep an identifier in the user's cache, unless this stands
 * in the environment of the process before its first session. A thread's `process.env` is a copy of its own: whoever opens sessions in threads imports this outside them, too.
 */
process.env.ORT_DISABLE_TELEMETRY = "1";

export {env, InferenceSession, Tensor};
