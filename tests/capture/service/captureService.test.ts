import {join} from "node:path";
import {describe, expect, it, onTestFinished} from "vitest";
import {captureSpecSchema, type CaptureSpec} from "../../../capture/job/captureSpec.ts";
import {startCaptureService, type CaptureService, type CaptureServiceOptions} from "../../../capture/service/captureService.ts";
import {openTrace, readTrace} from "../../../capture/trace/reader.ts";
import {openSafetensors} from "../../../capture/trace/safetensors.ts";
import {isBeingWritten} from "../../../capture/trace/writerMark.ts";
import {shippedModel} from "../../support/shippedModel.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

const LONG = 4096; // steps: some ten seconds, which no test waits for

async function specOf({steps = 8, prompt = "1+2="} = {}): Promise<CaptureSpec> {
  return captureSpecSchema.parse({model: shippedModel, dir: join(await temporaryFolder(), "run"), prompt, steps, inits: 1});
}

function startService(options?: CaptureServiceOptions): CaptureService {
  const service = startCaptureService(options);
  onTestFinished(() => service.close());
  return service;
}

/** Every state that is on disk can be read by a reader that knows nothing of partial runs. */
async function expectWhole(dir: string, lastStep: number): Promise<void> {
  const file = await openSafetensors(join(dir, "states.safetensors"));
  expect(file.tensors.get("state")!.shape[0]).toBe(lastStep + 1);
  await file.close();
  const reader = await openTrace(dir);
  expect((await reader.readSite("state")).data.every(Number.isFinite)).toBe(true);
  await reader.close();
}

describe("startCaptureService", () => {
  it("run captures in another process, which keeps the model for the next job", async () => {
    const service = startService();
    const [first, second] = [await specOf(), await specOf()];
    const steps: number[] = [];
    expect(await service.run(first, {onProgress: (step) => steps.push(step)})).toEqual({status: "complete", step: 8, error: null});
    const {pid} = service;
    expect(await service.run(second)).toEqual({status: "complete", step: 8, error: null});
    expect(service.pid).toBe(pid);
    expect(pid).not.toBe(process.pid);
    expect(steps.at(0)).toBe(0);
    expect(steps.at(-1)).toBe(8);
    expect((await readTrace(second.dir)).status).toBe("complete");
  });

  it("run of a job that cannot be done tells the reason, and the process takes the next", async () => {
    const service = startService();
    const bad = {...(await specOf()), model: join(await temporaryFolder(), "nothing")};
    expect(await service.run(bad)).toEqual({status: "failed", step: -1, error: `missing file: ${join(bad.model, "config.json")}`});
    expect(await service.run(await specOf())).toMatchObject({status: "complete"});
  });

  it("run whose process is killed -9 fails, keeps a readable partial run, and the next job gets a new process", async () => {
    const service = startService();
    const spec = await specOf({steps: LONG});
    service.warm();
    const {pid} = service;
    const end = await service.run(spec, {onProgress: (step) => step >= 3 && process.kill(pid!, "SIGKILL")});
    expect(end).toMatchObject({
      status: "failed",
      error: expect.stringMatching(/^the capture service ended with SIGKILL; steps 0 to \d+ are kept$/)
    });
    expect(end.step).toBeGreaterThanOrEqual(0);
    expect(await readTrace(spec.dir)).toMatchObject({status: "partial", stopped: "killed", steps_written: end.step});
    expect(await isBeingWritten(spec.dir)).toBe(false);
    await expectWhole(spec.dir, end.step);
    const next = await specOf();
    expect(await service.run(next)).toMatchObject({status: "complete"});
    expect(service.pid).not.toBe(pid);
  });

  it("run that is cancelled stops between two steps and keeps what was written", async () => {
    const service = startService();
    const spec = await specOf({steps: LONG});
    const abort = new AbortController();
    service.warm();
    const {pid} = service;
    const end = await service.run(spec, {signal: abort.signal, onProgress: (step) => step >= 3 && abort.abort()});
    expect(end).toMatchObject({status: "cancelled", error: null});
    expect(await readTrace(spec.dir)).toMatchObject({status: "partial", stopped: "cancelled", steps_written: end.step});
    await expectWhole(spec.dir, end.step);
    expect(service.pid).toBe(pid); // it listened, so it was not killed
  });

  it("run that is cancelled while its process hangs ends by killing it", async () => {
    const service = startService({graceMs: 100});
    const spec = await specOf({steps: LONG});
    const abort = new AbortController();
    const end = await service.run(spec, {
      signal: abort.signal,
      onProgress: (step) => {
        if (step < 3 || abort.signal.aborted) return;
        process.kill(service.pid!, "SIGSTOP"); // as good as an endless loop
        abort.abort();
      }
    });
    expect(end.status).toBe("cancelled");
    expect(await readTrace(spec.dir)).toMatchObject({status: "partial", stopped: "cancelled"});
  });

  it("run that is cancelled before it began makes no folder", async () => {
    const service = startService();
    const spec = await specOf();
    expect(await service.run(spec, {signal: AbortSignal.abort()})).toEqual({status: "cancelled", step: -1, error: null});
    await expect(readTrace(spec.dir)).rejects.toThrow("not a trace");
  });

  it("run refuses a second job while one is running", async () => {
    const service = startService();
    const first = service.run(await specOf());
    await expect(service.run(await specOf())).rejects.toThrow("invalid order: the capture service takes one job at a time");
    expect(await first).toMatchObject({status: "complete"});
  });

  it("close cancels what runs and ends the process", async () => {
    const service = startService();
    const spec = await specOf({steps: LONG});
    let closed: Promise<void> | undefined;
    const end = await service.run(spec, {
      onProgress: (step) => {
        if (step >= 3) closed ??= service.close();
      }
    });
    await closed;
    expect(end.status).toBe("cancelled");
    expect(() => process.kill(service.pid!, 0)).toThrow("ESRCH");
    expect((await readTrace(spec.dir)).stopped).toBe("cancelled");
  });
});
